-- name: run_in_the_way
-- What a run of share $1 keeps all else of it waiting for: HELD where a limit holds it, MATCHING where it has yet to settle who is
-- whom; null where there is nothing to wait for.
SELECT CASE WHEN bool_or(state = 'HELD') THEN 'HELD' WHEN bool_or(phase <> 'SYNCING') THEN 'MATCHING' END
FROM sync_runs WHERE share_id = $1 AND state IN ('QUEUED', 'RUNNING', 'HELD')

-- name: unfinished_runs
-- Runs of syncs that are not over.
SELECT id FROM sync_runs WHERE state IN ('QUEUED', 'RUNNING') ORDER BY queued_at

-- name: unfinished_imports
-- Imports that are all there and not over.
SELECT id FROM import_runs WHERE state IN ('QUEUED', 'RUNNING') AND phase <> 'UPLOADING' ORDER BY queued_at

-- name: read_run
-- Where run $1 stands.
SELECT state, phase, cursor, total FROM sync_runs WHERE id = $1

-- name: lock_run
-- Where run $1 stands, with nobody else to move it on.
SELECT state, phase, cursor, total FROM sync_runs WHERE id = $1 FOR UPDATE

-- name: move_run
-- Run $1 goes on to phase $2, from cursor $3; $4 is how much there is to do in all. What was done counts anew in another phase.
UPDATE sync_runs SET state = 'RUNNING', done = CASE WHEN phase = $2 THEN done ELSE 0 END, phase = $2, cursor = $3, total = $4,
    started_at = coalesce(started_at, clock_timestamp())
WHERE id = $1

-- name: count_run
-- $2 more are done of run $1; $3 to $7 is what came of it, $8 what of the overwritten ($6) was so in the sender.
UPDATE sync_runs SET done = done + $2, counts = counts || jsonb_build_object(
    'created', coalesce((counts->>'created')::int, 0) + $3::int,
    'pairs', coalesce((counts->>'pairs')::int, 0) + $4::int,
    'filled', coalesce((counts->>'filled')::int, 0) + $5::int,
    'overwritten', coalesce((counts->>'overwritten')::int, 0) + $6::int,
    'conflicts', coalesce((counts->>'conflicts')::int, 0) + $7::int),
    written = jsonb_build_object(
    'RECEIVER_CREATED', coalesce((written->>'RECEIVER_CREATED')::int, 0) + $3::int,
    'RECEIVER_OVERWRITTEN', coalesce((written->>'RECEIVER_OVERWRITTEN')::int, 0) + $6::int - $8::int,
    'SENDER_OVERWRITTEN', coalesce((written->>'SENDER_OVERWRITTEN')::int, 0) + $8::int)
WHERE id = $1

-- name: end_run
-- Run $1 has come to its end.
UPDATE sync_runs SET state = 'SUCCEEDED', finished_at = clock_timestamp() WHERE id = $1

-- name: claim_chunk
-- A chunk of run $1 that nobody works on, and that is not to be matched in bulk; nobody else gets it until the transaction ends.
SELECT number, first, last, size FROM run_chunks WHERE run_id = $1 AND NOT in_bulk ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED

-- name: cut_tagged
-- Cut the profiles that bear tag $2 into chunks of $3 for run $1, to be matched in bulk or not, as $4 says; gives how many
-- profiles there are.
WITH numbered AS (
    SELECT profile_id AS id, (row_number() OVER (ORDER BY profile_id) - 1) / $3 AS number FROM taggings WHERE tag_id = $2
), cut AS (
    INSERT INTO run_chunks (run_id, number, first, last, size, in_bulk)
    SELECT $1, number, (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id DESC))[1], count(*), $4 FROM numbered GROUP BY number
    RETURNING size
)
SELECT coalesce(sum(size), 0)::int FROM cut

-- name: cut_matches
-- Cut the matches of share $2 in one of the states $3 into chunks of $4 for run $1; gives how many there are.
WITH numbered AS (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / $4 AS number FROM matches WHERE share_id = $2 AND state = ANY($3)
), cut AS (
    INSERT INTO run_chunks (run_id, number, first, last, size)
    SELECT $1, number, (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id DESC))[1], count(*) FROM numbered GROUP BY number
    RETURNING size
)
SELECT coalesce(sum(size), 0)::int FROM cut

-- name: fail_run
-- Run $1 cannot go on: $2 says why. The next one is due in its time.
WITH failed AS (
    UPDATE sync_runs SET state = 'FAILED', error = $2, finished_at = clock_timestamp()
    WHERE id = $1 AND state IN ('QUEUED', 'RUNNING') RETURNING share_id
)
UPDATE shares s SET next_sync_at = next_sync_of(s)
FROM failed WHERE s.id = failed.share_id
RETURNING failed.share_id, s.sender_id, s.receiver_id

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

-- name: work_alone
-- Wait until nobody works on share $1, and keep everybody else from it until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended($1, 0))

-- name: work_beside
-- Wait until nobody works alone on share $1, and keep everybody from doing so until the transaction ends.
SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))

-- name: hold_live_shares
-- The live shares that one of the nations $1 sends or receives, save, where $2, those that ask for no custom field. Whoever works
-- on one comes to the end first, and whoever wants to waits until the transaction ends.
SELECT id FROM shares
WHERE status = 'APPROVED' AND (sender_id = ANY($1) OR receiver_id = ANY($1))
  AND (NOT $2 OR 'CUSTOM_FIELDS' = ANY(optional_groups) OR 'custom_fields' = ANY(optional_fields) OR custom_fields <> '{}')
ORDER BY id FOR UPDATE

-- name: shares_that_carry
-- The shares that one of the nations $1 sends or receives and that sync profiles, whatever their status, save, where $2, those
-- that ask for no custom field.
SELECT id, sender_id, receiver_id, status FROM shares
WHERE sync_profiles AND (sender_id = ANY($1) OR receiver_id = ANY($1))
  AND (NOT $2 OR 'CUSTOM_FIELDS' = ANY(optional_groups) OR 'custom_fields' = ANY(optional_fields) OR custom_fields <> '{}')
ORDER BY id

-- name: restart_runs
-- What the runs under way of the shares $1 have done so far was done on other terms: they begin anew. Gives them. What held one,
-- or was let pass, did so on those terms too.
WITH again AS (
    UPDATE sync_runs SET state = 'QUEUED', phase = 'MATCHING', cursor = NULL, done = 0, total = NULL, held_by = NULL, lifted = NULL
    WHERE share_id = ANY($1) AND state IN ('RUNNING', 'HELD') RETURNING id
), chunks AS (
    DELETE FROM run_chunks WHERE run_id IN (SELECT id FROM again)
)
SELECT id FROM again
