-- name: candidates
-- Who in nation $2 may be one of the profiles $1: pairs that share a key of the kinds $3. A key that more than $4 of the
-- nation's profiles hold tells nobody apart and is passed over.
WITH mine AS (
    SELECT DISTINCT kind, key FROM match_keys WHERE profile_id = ANY($1) AND kind = ANY($3)
), theirs AS (
    SELECT mine.kind, mine.key, found.holders
    FROM mine CROSS JOIN LATERAL (
        SELECT array_agg(profile_id) AS holders FROM (
            SELECT profile_id FROM match_keys m
            WHERE m.nation_id = $2 AND m.kind = mine.kind AND m.key = mine.key LIMIT $4 + 1
        ) held
    ) found
    WHERE cardinality(found.holders) <= $4
)
SELECT DISTINCT k.profile_id AS sender, holder AS receiver
FROM match_keys k JOIN theirs t ON t.kind = k.kind AND t.key = k.key CROSS JOIN LATERAL unnest(t.holders) AS holder
WHERE k.profile_id = ANY($1)

-- name: name_counts
-- How common names are in nation $1.
SELECT firsts, lasts, counted, people, counted_at FROM name_counts WHERE nation_id = $1

-- name: count_names
-- Count the names of nation $1 on a sample of at most $2 profiles; names borne once are left out.
WITH sample AS MATERIALIZED (
    SELECT first_name, last_name FROM profiles WHERE nation_id = $1 AND archived_at IS NULL LIMIT $2
), firsts AS (
    SELECT first_name, count(*) AS bearers FROM sample WHERE first_name IS NOT NULL GROUP BY 1 HAVING count(*) > 1
), lasts AS (
    SELECT last_name, count(*) AS bearers FROM sample WHERE last_name IS NOT NULL GROUP BY 1 HAVING count(*) > 1
)
INSERT INTO name_counts (nation_id, firsts, lasts, counted, people, counted_at)
SELECT $1,
    coalesce((SELECT jsonb_object_agg(first_name, bearers) FROM firsts), '{}'),
    coalesce((SELECT jsonb_object_agg(last_name, bearers) FROM lasts), '{}'),
    (SELECT count(*) FROM sample),
    (SELECT count(*) FROM profiles WHERE nation_id = $1 AND archived_at IS NULL),
    clock_timestamp()
ON CONFLICT (nation_id) DO UPDATE SET firsts = excluded.firsts, lasts = excluded.lasts, counted = excluded.counted,
    people = excluded.people, counted_at = excluded.counted_at

-- name: live_matches
-- The matches of share $1 that are not over, for the sender's profiles $2, locked; lost is who a rival kept them from.
SELECT id, sender_profile_id, receiver_profile_id, state, stage, score, ambiguity,
    CASE WHEN ambiguity = 'ALREADY_LINKED' THEN (candidates->0->>'profile')::uuid END AS lost
FROM matches WHERE share_id = $1 AND sender_profile_id = ANY($2) AND state <> 'ENDED' ORDER BY id FOR UPDATE

-- name: has_links
-- Whether share $1 links anybody.
SELECT EXISTS (SELECT FROM matches WHERE share_id = $1 AND state IN ('MATCHED', 'SYNCED', 'CONFLICTED'))

-- name: tagged_among
-- Which of the profiles $2 bear tag $1.
SELECT profile_id FROM taggings WHERE tag_id = $1 AND profile_id = ANY($2)

-- name: claims_on
-- The links of share $1 to any of the receiver's profiles $2, locked.
SELECT id, sender_profile_id, receiver_profile_id, state, stage, score, ambiguity
FROM matches WHERE share_id = $1 AND receiver_profile_id = ANY($2) AND state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
ORDER BY id FOR UPDATE

-- name: rivals_waiting
-- The matches of share $1 whose profile bears tag $2 and was kept from one of the receiver's profiles $3 by a rival, save those of
-- the sender's profiles $4, locked.
SELECT id, sender_profile_id, receiver_profile_id, state, stage, score, ambiguity,
    (candidates->0->>'profile')::uuid AS lost
FROM matches m
WHERE share_id = $1 AND ambiguity = 'ALREADY_LINKED' AND state = 'AMBIGUOUS'
    AND (candidates->0->>'profile')::uuid = ANY($3) AND sender_profile_id <> ALL($4)
    AND EXISTS (SELECT FROM taggings t WHERE t.tag_id = $2 AND t.profile_id = m.sender_profile_id)
ORDER BY id FOR UPDATE

-- name: rival_claims
-- The links of share $1 whose receiver profile another link of the share claims too; after receiver profile $2, of at most $3 profiles.
WITH contested AS (
    SELECT receiver_profile_id FROM matches
    WHERE share_id = $1 AND state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
      AND ($2::uuid IS NULL OR receiver_profile_id > $2)
    GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT $3
)
SELECT m.id, m.sender_profile_id, m.receiver_profile_id, m.state, m.stage, m.score
FROM matches m JOIN contested USING (receiver_profile_id)
WHERE m.share_id = $1 AND m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
ORDER BY m.id FOR UPDATE OF m

-- name: save_outcomes
-- What matching found, for matches that exist: $1 the match, $2 state, $3 receiver profile, $4 stage, $5 score, $6 ambiguity,
-- $7 evidence, $8 candidates.
UPDATE matches m SET state = o.state, receiver_profile_id = o.receiver, stage = o.stage, score = o.score,
    ambiguity = o.ambiguity, evidence = o.evidence, candidates = o.candidates, tried_at = clock_timestamp()
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::float8[], $6::text[], $7::jsonb[], $8::jsonb[])
    AS o (id, state, receiver, stage, score, ambiguity, evidence, candidates)
WHERE m.id = o.id

-- name: end_matches
-- End the matches $1; gives what they were, and whom of the receiver they held or were kept from by a rival.
UPDATE matches SET state = 'ENDED', ended_at = clock_timestamp(), evidence = '[]', candidates = '[]', notes = '[]'
WHERE id = ANY($1) AND state <> 'ENDED'
RETURNING old.id, old.share_id, old.state, old.receiver_profile_id, coalesce(old.receiver_profile_id,
    CASE WHEN old.ambiguity = 'ALREADY_LINKED' THEN (old.candidates->0->>'profile')::uuid END) AS freed

-- name: unlink_matches
-- The links $1 lost their receiver profile to a rival: they become ambiguous, with it for their first candidate. Gives what
-- they were.
UPDATE matches SET state = 'AMBIGUOUS', ambiguity = 'ALREADY_LINKED', receiver_profile_id = NULL, out_of_step = '{}',
    email_base = '{}', notes = '[]', first_synced_at = NULL, settled_at = NULL, tried_at = clock_timestamp(),
    candidates = jsonb_build_array(jsonb_build_object(
        'profile', receiver_profile_id, 'stage', stage, 'score', score, 'evidence', evidence)) || candidates
WHERE id = ANY($1)
RETURNING old.id, old.sender_profile_id, old.share_id, old.state, old.receiver_profile_id, old.stage, old.score, old.evidence

-- name: link_created
-- The matches $1 are linked to the profiles $2, which the share made itself: stage $3.
UPDATE matches m SET state = 'MATCHED', receiver_profile_id = l.receiver, stage = $3, score = 1
FROM unnest($1::uuid[], $2::uuid[]) AS l (id, receiver)
WHERE m.id = l.id

-- name: receivers_of
-- The receiver profiles of the links among the matches $1 that are there, kept from being deleted or archived until the transaction ends.
SELECT m.receiver_profile_id FROM matches m JOIN profiles p ON p.id = m.receiver_profile_id AND p.archived_at IS NULL
WHERE m.id = ANY($1) AND m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
ORDER BY p.id FOR KEY SHARE OF p

-- name: sample_tagged
-- At most $2 of the profiles that bear tag $1, taken all over.
SELECT profile_id FROM taggings WHERE tag_id = $1 ORDER BY hashtextextended(profile_id::text, 0) LIMIT $2

-- name: save_quality
-- How carefully the nations of share $1 keep their profiles, as matching has learnt it: $2.
UPDATE shares SET match_quality = $2 WHERE id = $1
