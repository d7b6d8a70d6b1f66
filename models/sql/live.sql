-- name: advance_stream
-- Take $2 positions of nation $1's log; gives the last. The row stays locked until commit, so positions commit in order.
INSERT INTO streams (nation_id, position) VALUES ($1, $2)
ON CONFLICT (nation_id) DO UPDATE SET position = streams.position + excluded.position
RETURNING position

-- name: append_event
-- Write one row of a nation's log.
INSERT INTO events (nation_id, position, at, topic, kind, noun, subjects, share_id, detail)
VALUES ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7, $8)

-- name: stream_page
-- How far nation $1's log has come, up to where it was forgotten, and beside that at most $3 rows of it that reach past
-- position $2, in order: all of one moment. One row with no event where there is none; nothing where there is no log yet.
SELECT s.position AS head, s.pruned, clock_timestamp() AS read_at,
       e.position, e.at, e.topic, e.kind, e.noun, e.subjects, e.share_id, e.detail
FROM streams s
LEFT JOIN LATERAL (
    SELECT * FROM events WHERE nation_id = $1 AND position > $2 ORDER BY position LIMIT $3
) e ON true
WHERE s.nation_id = $1
ORDER BY e.position

-- name: prune_events
-- Forget what is older than $1 in every log, and remember up to where.
WITH gone AS (
    DELETE FROM events WHERE at < $1 RETURNING nation_id, position
)
UPDATE streams SET pruned = ends.position
FROM (SELECT nation_id, max(position) AS position FROM gone GROUP BY nation_id) ends
WHERE streams.nation_id = ends.nation_id

-- name: count_boxes
-- Change the boxes of share $1 by $2 to $6; gives the new figures and the two nations.
UPDATE share_stats SET
    matched = matched + $2,
    not_found = not_found + $3,
    ambiguous = ambiguous + $4,
    synced = synced + $5,
    unreviewed_changes = unreviewed_changes + $6
FROM shares
WHERE share_stats.share_id = $1 AND shares.id = $1
RETURNING matched, not_found, ambiguous, synced, unreviewed_changes, shares.sender_id, shares.receiver_id
