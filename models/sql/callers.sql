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

-- name: users_with_other_rights
-- Those of the users $1 who may no longer sign in, whose roles (JSON, by nation) are not $2, or whose networks, in order,
-- are not $3.
SELECT given.id
FROM unnest($1::uuid[]) AS given (id)
LEFT JOIN users ON users.id = given.id AND users.disabled_at IS NULL
WHERE users.id IS NULL
   OR (SELECT coalesce(jsonb_object_agg(nation_id, role), '{}') FROM memberships WHERE user_id = given.id)
       <> $2::text::jsonb
   OR (SELECT coalesce(array_agg(network_id ORDER BY network_id), '{}') FROM network_memberships WHERE user_id = given.id)
       <> $3::int[]

-- name: tokens_with_other_rights
-- Those of the nations' tokens $1 that were revoked, or whose role (JSON, by nation) is not $2.
SELECT given.id
FROM unnest($1::uuid[]) AS given (id)
LEFT JOIN api_tokens ON api_tokens.id = given.id AND revoked_at IS NULL
WHERE api_tokens.id IS NULL OR jsonb_build_object(nation_id, role) <> $2::text::jsonb

-- name: rights_changed_since
-- Whether anybody's rights were changed by a transaction that the snapshot $1 does not see, and the snapshot of now. A
-- database that has gone back since, as from a backup, may have forgotten changes.
SELECT pg_current_snapshot()::text AS snapshot,
       pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax($1::text::pg_snapshot) OR EXISTS (
           SELECT FROM rights_changes
           WHERE xid >= pg_snapshot_xmin($1::text::pg_snapshot)
             AND NOT pg_visible_in_snapshot(xid, $1::text::pg_snapshot)
       ) AS changed

-- name: prune_rights_changes
-- Forget which transactions before $1 changed rights.
DELETE FROM rights_changes WHERE at < $1
