-- name: claim_key
-- Take key $2 of caller $1 for the mutation $3 with an input of digest $4; waits while another transaction holds it. One older
-- than a day counts as never used. Gives a row where it is taken, none where it was used.
INSERT INTO idempotency_keys AS k (caller_id, key, mutation, digest, at) VALUES ($1, $2, $3, $4, clock_timestamp())
ON CONFLICT (caller_id, key) DO UPDATE SET mutation = excluded.mutation, digest = excluded.digest, result = NULL,
    positions = NULL, at = excluded.at
WHERE k.at < clock_timestamp() - interval '1 day'
RETURNING k.key

-- name: used_key
-- What key $2 of caller $1 was used for, and what came of it.
SELECT mutation, digest, result, positions FROM idempotency_keys WHERE caller_id = $1 AND key = $2

-- name: keep_result
-- What came of the write under key $2 of caller $1: $3 its result, $4 where it left the logs.
UPDATE idempotency_keys SET result = $3, positions = $4 WHERE caller_id = $1 AND key = $2

-- name: prune_keys
-- Forget keys that were last used before $1.
DELETE FROM idempotency_keys WHERE at < $1
