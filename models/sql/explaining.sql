-- name: crowded_keys
-- Which of the keys of kinds $2 and values $3 more than $4 profiles of nation $1 have.
SELECT w.kind, w.key FROM unnest($2::int[], $3::bigint[]) AS w (kind, key)
WHERE (
    SELECT count(*) FROM (
        SELECT FROM match_keys m WHERE m.nation_id = $1 AND m.kind = w.kind AND m.key = w.key LIMIT $4 + 1
    ) held
) > $4

-- name: rival_of
-- The match of share $1, other than $2, that has the receiver's profile $3, or else one that claims it as surely.
SELECT id FROM matches
WHERE share_id = $1 AND id <> $2 AND (
    (receiver_profile_id = $3 AND state IN ('MATCHED', 'SYNCED', 'CONFLICTED'))
    OR (state = 'AMBIGUOUS' AND ambiguity = 'ALREADY_LINKED' AND (candidates->0->>'profile')::uuid = $3)
)
ORDER BY state = 'AMBIGUOUS', id LIMIT 1
