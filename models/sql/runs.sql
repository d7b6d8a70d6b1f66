-- name: run_is_matching
-- Whether a run of share $1 has yet to settle who is whom.
SELECT EXISTS (SELECT FROM sync_runs WHERE share_id = $1 AND state IN ('QUEUED', 'RUNNING') AND phase <> 'SYNCING')

-- name: unfinished_runs
-- Runs of syncs that are not over.
SELECT id FROM sync_runs WHERE state IN ('QUEUED', 'RUNNING') ORDER BY queued_at

-- name: unfinished_imports
-- Imports that are all there and not over.
SELECT id FROM import_runs WHERE state IN ('QUEUED', 'RUNNING') AND phase <> 'UPLOADING' ORDER BY queued_at

-- name: save_run
-- How far run $1 has come: $2 state, $3 phase, $4 cursor, $5 done, $6 total, $7 counts.
UPDATE sync_runs SET state = $2::text, phase = $3::text, cursor = $4, done = $5, total = $6, counts = $7,
    started_at = coalesce(started_at, clock_timestamp()),
    finished_at = CASE WHEN $2::text = 'SUCCEEDED' THEN clock_timestamp() END
WHERE id = $1

-- name: fail_run
-- Run $1 cannot go on: $2 says why.
UPDATE sync_runs SET state = 'FAILED', error = $2, finished_at = clock_timestamp()
FROM shares s
WHERE sync_runs.id = $1 AND s.id = sync_runs.share_id AND sync_runs.state IN ('QUEUED', 'RUNNING')
RETURNING share_id, s.sender_id, s.receiver_id

-- name: count_matches
-- How many matches of share $1 are in one of the states $2.
SELECT count(*)::int FROM matches WHERE share_id = $1 AND state = ANY($2)

-- name: shares_due
-- Live shares whose daily sync is due and that have no run under way.
SELECT id FROM shares s
WHERE status = 'APPROVED' AND next_sync_at < clock_timestamp()
  AND NOT EXISTS (SELECT FROM sync_runs r WHERE r.share_id = s.id AND r.state IN ('QUEUED', 'RUNNING', 'HELD'))
ORDER BY next_sync_at LIMIT $1

-- name: drop_pieces
-- Forget the rows of import $1 that were not taken in.
DELETE FROM import_pieces WHERE run_id = $1

-- name: stale_uploads
-- Imports whose upload broke off: nothing came for longer than $1.
SELECT id FROM import_runs WHERE state = 'QUEUED' AND phase = 'UPLOADING' AND queued_at < clock_timestamp() - $1::interval

-- name: count_upload
-- $2 rows of the file of import $1 have come, of which $3 could not be read.
UPDATE import_runs SET total = coalesce(total, 0) + $2, done = done + $3, rejected = rejected + $3 WHERE id = $1
