-- name: weigh_run
-- What run $1 has written, of which limits somebody said that they may be passed, and its state, with nobody else to write for it
-- until the transaction ends.
SELECT state, written, lifted FROM sync_runs WHERE id = $1 FOR UPDATE

-- name: weigh_share
-- $2 to $4 more are written by share $1 between two runs: made in the receiver, overwritten there, overwritten in the sender.
-- Gives how many there are with them.
UPDATE shares SET since_run = jsonb_build_object(
    'RECEIVER_CREATED', coalesce((since_run->>'RECEIVER_CREATED')::int, 0) + $2::int,
    'RECEIVER_OVERWRITTEN', coalesce((since_run->>'RECEIVER_OVERWRITTEN')::int, 0) + $3::int,
    'SENDER_OVERWRITTEN', coalesce((since_run->>'SENDER_OVERWRITTEN')::int, 0) + $4::int)
WHERE id = $1 RETURNING since_run

-- name: forget_since_run
-- A run of share $1 begins: what is written beside it counts anew.
UPDATE shares SET since_run = NULL WHERE id = $1 AND since_run IS NOT NULL

-- name: hold_run
-- Run $1 stands before the limits $2, unless it is under way no longer.
UPDATE sync_runs SET state = 'HELD', held_by = $2 WHERE id = $1 AND state = 'RUNNING' RETURNING id

-- name: held_run
-- The run of share $1 that a limit holds, if one is held.
SELECT id, held_by FROM sync_runs WHERE share_id = $1 AND state = 'HELD' FOR UPDATE

-- name: let_run_go
-- What still holds run $1 is $2, and it may pass the limits $3 besides those that it may; where nothing holds it, it goes on.
UPDATE sync_runs SET held_by = CASE WHEN $2::jsonb = '[]' THEN NULL ELSE $2 END,
    state = CASE WHEN $2::jsonb = '[]' THEN 'RUNNING' ELSE state END,
    lifted = coalesce(lifted, '[]') || $3::jsonb
WHERE id = $1

-- name: cancel_run
-- Run $1 is given up, and what it has yet to do forgotten; the next one is due in its time.
WITH chunks AS (
    DELETE FROM run_chunks WHERE run_id = $1
), cancelled AS (
    UPDATE sync_runs SET state = 'CANCELLED', held_by = NULL, finished_at = clock_timestamp() WHERE id = $1 RETURNING share_id
)
UPDATE shares s SET next_sync_at = next_sync_of(s) WHERE id IN (SELECT share_id FROM cancelled)

-- name: drop_changes
-- A run of share $1 looks at everybody who bears its tag: of them nobody need wait to be looked at.
DELETE FROM changes c USING shares s, taggings t
WHERE c.share_id = $1 AND s.id = $1 AND t.tag_id = s.tag_id AND t.profile_id = c.profile_id

-- name: claim_endings
-- Take at most $2 pieces of work of share $1 off the list that are about profiles that no longer bear its tag $3; gives them.
WITH taken AS (
    DELETE FROM changes WHERE id IN (
        SELECT c.id FROM changes c
        WHERE c.share_id = $1 AND NOT EXISTS (SELECT FROM taggings t WHERE t.tag_id = $3 AND t.profile_id = c.profile_id)
        ORDER BY c.id LIMIT $2 FOR UPDATE SKIP LOCKED
    ) RETURNING profile_id
)
SELECT DISTINCT profile_id FROM taken
