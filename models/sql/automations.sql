-- name: automations_on
-- The automations of nation $1 that are on and watch one of the fields $2, but for those whose custom field is gone.
SELECT a.id, a.field, a.from_value, a.to_value, a.webhook_url IS NOT NULL AS has_webhook
FROM automations a
WHERE a.nation_id = $1 AND a.enabled AND a.field = ANY($2::text[])
    AND (a.field NOT LIKE 'custom:%' OR EXISTS (
        SELECT FROM custom_fields c
        WHERE c.nation_id = a.nation_id AND 'custom:' || c.slug = a.field AND c.archived_at IS NULL
    ))
ORDER BY a.id

-- name: owe_webhooks
-- Write down webhooks that nation $1 owes from now on, each with its id, automation, profile, field, and what that held
-- and holds ($2 to $7, as arrays); not those of automations that are gone by now.
INSERT INTO webhook_deliveries
    (id, nation_id, automation_id, profile_id, field, from_value, to_value, state, attempts, created_at, next_attempt_at)
SELECT u.id, $1, a.id, u.profile_id, u.field, u.from_value, u.to_value, 'PENDING', 0, clock_timestamp(), clock_timestamp()
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[])
    AS u (id, automation_id, profile_id, field, from_value, to_value)
JOIN automations a ON a.id = u.automation_id
FOR KEY SHARE OF a

-- name: give_up_webhooks
-- Give up what automation $1 owes: it has nowhere to go.
UPDATE webhook_deliveries
SET state = 'GIVEN_UP', next_attempt_at = NULL, last_attempt_at = clock_timestamp(),
    last_error = 'The automation has no webhook URL any more.'
WHERE automation_id = $1 AND state = 'PENDING'

-- name: claim_webhooks
-- Take at most $1 webhooks that are due, at most $2 of a nation and none of the nations $3, for so long as $4 says: whoever
-- takes them is not back by then, others try. Gives all that is to be sent.
WITH RECURSIVE owing AS (
    (SELECT nation_id FROM webhook_deliveries WHERE state = 'PENDING' ORDER BY nation_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT d.nation_id FROM webhook_deliveries d
        WHERE d.state = 'PENDING' AND d.nation_id > o.nation_id ORDER BY d.nation_id LIMIT 1
    )
    FROM owing o WHERE o.nation_id IS NOT NULL
), due AS (
    SELECT d.id
    FROM owing o CROSS JOIN LATERAL (
        SELECT w.id, w.next_attempt_at FROM webhook_deliveries w
        WHERE w.nation_id = o.nation_id AND w.state = 'PENDING' AND w.next_attempt_at <= clock_timestamp()
        ORDER BY w.next_attempt_at, w.id LIMIT $2 FOR UPDATE SKIP LOCKED
    ) d
    WHERE o.nation_id <> ALL($3::int[])
    ORDER BY d.next_attempt_at LIMIT $1
), taken AS (
    UPDATE webhook_deliveries d SET next_attempt_at = clock_timestamp() + $4
    FROM due WHERE d.id = due.id RETURNING d.*
)
SELECT t.id, t.automation_id, t.nation_id, t.profile_id, t.field, t.from_value, t.to_value, t.created_at,
       n.slug, a.webhook_url, a.secret, CASE WHEN a.rotated_at > clock_timestamp() - $5::interval THEN a.former_secret END AS former
FROM taken t JOIN automations a ON a.id = t.automation_id JOIN nations n ON n.id = t.nation_id
ORDER BY t.created_at, t.id

-- name: note_delivered
-- Delivery $1 was taken with the status $2.
UPDATE webhook_deliveries
SET state = 'DELIVERED', attempts = attempts + 1, next_attempt_at = NULL, last_attempt_at = clock_timestamp(),
    last_status = $2, last_error = NULL
WHERE id = $1 AND state = 'PENDING'

-- name: hold_delivery
-- The attempts so far of delivery $1, which is locked; nothing where it is over.
SELECT attempts FROM webhook_deliveries WHERE id = $1 AND state = 'PENDING' FOR NO KEY UPDATE

-- name: note_failed
-- An attempt of delivery $1 failed: the status $2, if there was an answer, and the error $3; the next comes after $4, or
-- none where that is null.
UPDATE webhook_deliveries
SET state = CASE WHEN $4::interval IS NULL THEN 'GIVEN_UP' ELSE 'PENDING' END, attempts = attempts + 1,
    next_attempt_at = clock_timestamp() + $4::interval, last_attempt_at = clock_timestamp(),
    last_status = $2, last_error = $3
WHERE id = $1

-- name: webhooks_due
-- Whether any webhook is due.
SELECT EXISTS (SELECT FROM webhook_deliveries WHERE state = 'PENDING' AND next_attempt_at <= clock_timestamp())

-- name: prune_deliveries
-- Forget the deliveries that were over before $1.
DELETE FROM webhook_deliveries WHERE state <> 'PENDING' AND last_attempt_at < $1
