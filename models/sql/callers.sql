-- name: caller_of_user
-- Who user $1 is now: whether it may sign in, its role in each of its nations as JSON, and the networks that it manages.
SELECT
    disabled_at IS NULL AS is_enabled,
    (SELECT coalesce(jsonb_object_agg(nation_id, role), '{}') FROM memberships WHERE user_id = users.id) AS roles,
    (SELECT coalesce(array_agg(network_id), '{}') FROM network_memberships WHERE user_id = users.id) AS networks
FROM users WHERE id = $1

-- name: caller_of_token
-- The nation's token whose SHA-256 is $1, unless it was revoked.
SELECT id, nation_id, role, expires_at FROM api_tokens WHERE digest = $1 AND revoked_at IS NULL
