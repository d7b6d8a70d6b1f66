-- name: hold_bulk
-- Whether run $1 may be matched in bulk by this transaction alone: nobody else does so until it ends.
SELECT pg_try_advisory_xact_lock(hashtextextended($1, 1))

-- name: count_searching
-- How many profiles bear tag $2 and have no link in share $1, and how many people receiver $3 had when they were last counted.
WITH linked AS (
    SELECT count(*) AS links FROM matches WHERE share_id = $1 AND state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
)
SELECT greatest(t.taggings - linked.links, 0) AS searching, coalesce(n.people, 0) AS people
FROM linked, tags t LEFT JOIN name_counts n ON n.nation_id = $3 WHERE t.id = $2

-- name: bulk_chunks
-- The chunks of run $1 that are yet to be matched in bulk.
SELECT number, first, last, size FROM run_chunks WHERE run_id = $1 AND in_bulk ORDER BY number

-- name: claim_bulk_chunk
-- Chunk $2 of run $1, to be matched in bulk; nobody else gets it until the transaction ends.
SELECT number, first, last, size FROM run_chunks WHERE run_id = $1 AND number = $2 AND in_bulk FOR UPDATE SKIP LOCKED

-- name: give_up_bulk
-- What is left of run $1 is matched chunk by chunk.
UPDATE run_chunks SET in_bulk = false WHERE run_id = $1

-- name: cut_nation
-- Cut the profiles of nation $1 into ranges of $2: the first and the last of each.
SELECT (array_agg(id ORDER BY id))[1] AS first, (array_agg(id ORDER BY id DESC))[1] AS last
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / $2 AS number FROM profiles WHERE nation_id = $1 AND archived_at IS NULL) numbered
GROUP BY number ORDER BY number

-- name: strangers_between
-- The pairs on record as not the same person, of which one is in nation $1 and one in nation $2, in that order.
SELECT a.id AS one, b.id AS other
FROM strangers s JOIN profiles a ON a.id IN (s.one, s.other) JOIN profiles b ON b.id IN (s.one, s.other)
WHERE a.nation_id = $1 AND b.nation_id = $2

-- name: impossible_pairs
-- Which of the pairs of the sender's profiles $1 and the receiver's profiles $2 cannot be linked: the receiver's profile is gone
-- or archived, or the two are on record as not the same person. Gives the sender's.
SELECT pair.sender FROM unnest($1::uuid[], $2::uuid[]) AS pair (sender, receiver)
WHERE NOT EXISTS (SELECT FROM profiles p WHERE p.id = pair.receiver AND p.archived_at IS NULL)
    OR EXISTS (
        SELECT FROM strangers s
        WHERE s.one = least(pair.sender, pair.receiver) AND s.other = greatest(pair.sender, pair.receiver)
    )
