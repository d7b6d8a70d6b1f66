-- name: emails_of_profiles
-- The addresses of the profiles $1, in their order.
SELECT profile_id, array_agg(address ORDER BY position) AS addresses
FROM profile_emails WHERE profile_id = ANY($1) GROUP BY profile_id

-- name: holders_of_emails
-- Who in nation $1 holds the addresses $2.
SELECT address, profile_id FROM profile_emails WHERE nation_id = $1 AND address = ANY($2)

-- name: delete_emails
-- Take addresses off profiles: $1 the profiles, $2 the address of each.
DELETE FROM profile_emails e USING unnest($1::uuid[], $2::text[]) AS gone (profile_id, address)
WHERE e.profile_id = gone.profile_id AND e.address = gone.address

-- name: order_emails
-- Put the addresses of nation $1 where they belong: $2 the address, $3 its place.
UPDATE profile_emails e SET position = placed.position
FROM unnest($2::text[], $3::smallint[]) AS placed (address, position)
WHERE e.nation_id = $1 AND e.address = placed.address AND e.position <> placed.position

-- name: insert_emails
-- Put addresses on profiles of nation $1: $2 the profile, $3 the address, $4 its place. One that somebody holds is an error.
INSERT INTO profile_emails (nation_id, profile_id, address, position)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::smallint[])

-- name: choose_primary_emails
-- Make the first address of each of the profiles $1 the primary one where none is.
UPDATE profile_emails e SET is_primary = true
FROM (
    SELECT DISTINCT ON (profile_id) id FROM profile_emails p
    WHERE profile_id = ANY($1)
      AND NOT EXISTS (SELECT FROM profile_emails q WHERE q.profile_id = p.profile_id AND q.is_primary)
    ORDER BY profile_id, position
) chosen
WHERE e.id = chosen.id

-- name: keys_of_profiles
-- The match keys of the profiles $1.
SELECT profile_id, kind, key FROM match_keys WHERE profile_id = ANY($1)

-- name: delete_keys
-- Drop match keys of nation $1: $2 the profiles, $3 the kinds, $4 the keys.
DELETE FROM match_keys m USING unnest($2::uuid[], $3::smallint[], $4::bigint[]) AS gone (profile_id, kind, key)
WHERE m.nation_id = $1 AND m.kind = gone.kind AND m.key = gone.key AND m.profile_id = gone.profile_id

-- name: delete_profiles
-- Delete the profiles $1 of nation $2 with all that hangs on them; gives the ids deleted.
WITH keys AS (DELETE FROM match_keys WHERE profile_id = ANY($1)),
     emails AS (DELETE FROM profile_emails WHERE profile_id = ANY($1)),
     tagged AS (DELETE FROM taggings WHERE profile_id = ANY($1))
DELETE FROM profiles WHERE id = ANY($1) AND nation_id = $2 RETURNING id

-- name: enqueue_changes
-- The profiles $1 changed: every live share that carries one of them has to look again, save share $2. What a target does with
-- the contacts of an audience concerns nobody. Gives the shares.
WITH touched AS (
    SELECT s.id AS share_id, t.profile_id
    FROM taggings t JOIN shares s ON s.tag_id = t.tag_id AND s.status = 'APPROVED'
    WHERE t.profile_id = ANY($1)
    UNION
    SELECT m.share_id, m.sender_profile_id
    FROM matches m JOIN shares s ON s.id = m.share_id AND s.status = 'APPROVED'
    WHERE m.sender_profile_id = ANY($1) AND m.state <> 'ENDED'
    UNION
    SELECT m.share_id, m.sender_profile_id
    FROM matches m JOIN shares s ON s.id = m.share_id AND s.status = 'APPROVED' AND s.kind = 'TAG'
    WHERE m.receiver_profile_id = ANY($1) AND m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
), queued AS (
    INSERT INTO changes (share_id, profile_id)
    SELECT share_id, profile_id FROM touched WHERE share_id IS DISTINCT FROM $2
    RETURNING share_id
)
SELECT DISTINCT share_id FROM queued

-- name: somebody_waits
-- Whether a live share into nation $1, other than share $2, has people who wait for a match, or who are looked for just now.
SELECT EXISTS (
    SELECT FROM shares s JOIN share_stats b ON b.share_id = s.id
    WHERE s.receiver_id = $1 AND s.status = 'APPROVED' AND s.id IS DISTINCT FROM $2 AND (
        b.not_found + b.ambiguous > 0
        OR EXISTS (SELECT FROM changes c WHERE c.share_id = s.id)
        OR EXISTS (
            SELECT FROM sync_runs r WHERE r.share_id = s.id AND r.state IN ('QUEUED', 'RUNNING') AND r.phase <> 'SYNCING'
        )
    )
)

-- name: enqueue_hopefuls
-- Profiles of receiver $1 have new match keys, of the kinds $2 with the hashes $3: the senders' profiles that wait for a match
-- and hold one of them have to be looked at again, save those of share $5; so have those without a match yet, who may be looked
-- for at this moment by somebody who cannot see these profiles. A key that more than $4 of the sender's profiles hold tells
-- nothing. Gives the shares.
WITH waiting AS (
    SELECT s.id, s.sender_id, s.tag_id FROM shares s JOIN share_stats b ON b.share_id = s.id
    WHERE s.receiver_id = $1 AND s.status = 'APPROVED' AND s.id IS DISTINCT FROM $5 AND (
        b.not_found + b.ambiguous > 0
        OR EXISTS (SELECT FROM changes c WHERE c.share_id = s.id)
        OR EXISTS (
            SELECT FROM sync_runs r WHERE r.share_id = s.id AND r.state IN ('QUEUED', 'RUNNING') AND r.phase <> 'SYNCING'
        )
    )
), queued AS (
    INSERT INTO changes (share_id, profile_id)
    SELECT DISTINCT w.id, k.profile_id
    FROM waiting w
    CROSS JOIN unnest($2::smallint[], $3::bigint[]) AS mine (kind, key)
    CROSS JOIN LATERAL (
        SELECT array_agg(profile_id) AS holders
        FROM (
            SELECT profile_id FROM match_keys
            WHERE nation_id = w.sender_id AND kind = mine.kind AND key = mine.key LIMIT $4 + 1
        ) held
    ) found
    CROSS JOIN LATERAL unnest(found.holders) AS k (profile_id)
    JOIN taggings t ON t.tag_id = w.tag_id AND t.profile_id = k.profile_id
    LEFT JOIN matches m ON m.share_id = w.id AND m.sender_profile_id = k.profile_id AND m.state <> 'ENDED'
    WHERE cardinality(found.holders) <= $4 AND (m.id IS NULL OR m.state IN ('NOT_FOUND', 'AMBIGUOUS'))
    RETURNING share_id
)
SELECT DISTINCT share_id FROM queued

-- name: hold_tags_of
-- Lock the nation's own tags on the profiles $1, in order: whoever tags with them locks the tag before the profile too.
SELECT id FROM tags
WHERE share_id IS NULL AND id IN (SELECT tag_id FROM taggings WHERE profile_id = ANY($1))
ORDER BY id FOR NO KEY UPDATE

-- name: tags_of
-- The tags on the profiles $1, of what kind each is, and on how many of them.
SELECT t.tag_id, tags.kind, count(*)::int AS profiles FROM taggings t JOIN tags ON tags.id = t.tag_id
WHERE t.profile_id = ANY($1) GROUP BY t.tag_id, tags.kind

-- name: holders_of_keys
-- Who in nation $1 holds the match keys: $2 the kinds, $3 the keys.
SELECT m.kind, m.key, m.profile_id FROM match_keys m
JOIN unnest($2::smallint[], $3::bigint[]) AS wanted (kind, key) ON m.kind = wanted.kind AND m.key = wanted.key
WHERE m.nation_id = $1

-- name: set_flags
-- Set on the profiles $1 whether each is a supporter ($2) and a prospect ($3); null leaves it as it is. Gives those that changed.
UPDATE profiles p SET is_supporter = coalesce(f.supporter, p.is_supporter), is_prospect = coalesce(f.prospect, p.is_prospect),
    version = p.version + 1, updated_at = clock_timestamp()
FROM unnest($1::uuid[], $2::bool[], $3::bool[]) AS f (id, supporter, prospect)
WHERE p.id = f.id AND (p.is_supporter <> f.supporter OR p.is_prospect <> f.prospect)
RETURNING p.id
