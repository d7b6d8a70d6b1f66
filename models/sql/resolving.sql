-- name: strangers_of
-- The pairs on record as not the same person in which one of the profiles $1 stands.
SELECT one, other FROM strangers WHERE one = ANY($1) OR other = ANY($1)

-- name: hold_strangers
-- Lock the pairs on record as not the same person in which one of the profiles $1 stands, in order: of two nations that merge
-- at once, the second sees what the first has made of a pair of theirs.
SELECT one, other FROM strangers WHERE one = ANY($1) OR other = ANY($1) ORDER BY one, other FOR UPDATE

-- name: keep_apart
-- Record that the profiles $1 are not the same person as the profiles $2, pair by pair, as far as both are there: nation $3 says
-- so, by user $4 or token $5.
WITH there AS MATERIALIZED (
    SELECT id FROM profiles WHERE id = ANY($1::uuid[] || $2::uuid[]) ORDER BY id FOR KEY SHARE
)
INSERT INTO strangers (one, other, nation_id, user_id, token_id)
SELECT DISTINCT least(said.one, said.other), greatest(said.one, said.other), $3::int, $4::uuid, $5::uuid
FROM unnest($1::uuid[], $2::uuid[]) AS said (one, other)
WHERE said.one IN (SELECT id FROM there) AND said.other IN (SELECT id FROM there)
ON CONFLICT (one, other) DO NOTHING

-- name: pass_strangers
-- Who is not the same person as one of the profiles $2 is not the same as profile $1 either; gives those of whom that is new.
-- Whoever is being deleted is left out.
WITH said AS (
    SELECT CASE WHEN s.one = ANY($2) THEN s.other ELSE s.one END AS stranger, s.nation_id, s.user_id, s.token_id, s.said_at
    FROM strangers s WHERE s.one = ANY($2) OR s.other = ANY($2)
), there AS MATERIALIZED (
    SELECT id FROM profiles WHERE id IN (SELECT stranger FROM said) FOR KEY SHARE SKIP LOCKED
)
INSERT INTO strangers (one, other, nation_id, user_id, token_id, said_at)
SELECT DISTINCT ON (stranger) least($1::uuid, stranger), greatest($1::uuid, stranger), nation_id, user_id, token_id, said_at
FROM said WHERE stranger IN (SELECT id FROM there)
ORDER BY stranger, said_at
ON CONFLICT (one, other) DO NOTHING
RETURNING CASE WHEN one = $1 THEN other ELSE one END AS stranger

-- name: shares_between
-- The live shares between the nations of share $1, itself among them, in either direction, in order.
SELECT o.id FROM shares s JOIN shares o
    ON (o.sender_id, o.receiver_id) IN ((s.sender_id, s.receiver_id), (s.receiver_id, s.sender_id))
WHERE s.id = $1 AND o.status = 'APPROVED'
ORDER BY o.id

-- name: matches_of_strangers
-- The matches of share $1 that the record of profiles $2 and $3, pair by pair, concerns: the links between them, in either
-- direction, and whoever of them waits in doubt.
SELECT m.id, m.sender_profile_id, m.state FROM matches m
WHERE m.share_id = $1 AND m.sender_profile_id = ANY($2::uuid[] || $3::uuid[]) AND (
    m.state = 'AMBIGUOUS'
    OR m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED') AND EXISTS (
        SELECT FROM unnest($2::uuid[], $3::uuid[]) AS said (one, other)
        WHERE (m.sender_profile_id, m.receiver_profile_id) IN ((said.one, said.other), (said.other, said.one))
    )
)
ORDER BY m.id FOR UPDATE

-- name: broken_links
-- Which of the matches $1 link somebody who is gone or archived, or two who are on record as not the same person.
SELECT m.id FROM matches m
WHERE m.id = ANY($1) AND m.receiver_profile_id IS NOT NULL AND (
    NOT EXISTS (SELECT FROM profiles p WHERE p.id = m.receiver_profile_id AND p.archived_at IS NULL)
    OR EXISTS (
        SELECT FROM strangers s
        WHERE s.one = least(m.sender_profile_id, m.receiver_profile_id)
            AND s.other = greatest(m.sender_profile_id, m.receiver_profile_id)
    )
)

-- name: enqueue_lookers
-- Share $1 has to look at the sender's profiles $2, and at whoever a rival kept from one of the receiver's profiles $3.
INSERT INTO changes (share_id, profile_id)
SELECT $1, unnest($2::uuid[])
UNION
SELECT share_id, sender_profile_id FROM matches
WHERE share_id = $1 AND ambiguity = 'ALREADY_LINKED' AND state = 'AMBIGUOUS'
    AND (candidates->0->>'profile')::uuid = ANY($3::uuid[])
