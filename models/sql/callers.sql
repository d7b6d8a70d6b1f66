-- name: callers_of_users
-- Who the users $1 are now: the role of each in each of its nations as JSON, and the networks that it manages. One who may
-- no longer sign in is missing.
SELECT
    id,
    (SELECT coalesce(jsonb_object_agg(nation_id, role), '{}') FROM memberships WHERE user_id = users.id) AS roles,
    (SELECT coalesce(array_agg(network_id), '{}') FROM network_memberships WHERE user_id = users.id) AS networks
FROM users WHERE id = ANY($1) AND disabled_at IS NULL

-- name: callers_of_tokens
-- The nations' tokens $1, save those that were revoked.
SELECT id, nation_id, role, expires_at FROM api_tokens WHERE id = ANY($1) AND revoked_at IS NULL

-- name: token_by_digest
-- The nation's token whose SHA-256 is $1, unless it was revoked.
SELECT id FROM api_tokens WHERE digest = $1 AND revoked_at IS NULL
