-- name: old_profiles
-- At most $2 profiles that were archived before $1, locked in order; those that somebody holds wait for the next time.
SELECT id, nation_id FROM profiles WHERE archived_at < $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED

-- name: purge_groups
-- Delete the groups that were archived before $1; gives them.
DELETE FROM tags WHERE kind = 'GROUP' AND archived_at < $1 RETURNING id, nation_id

-- name: purge_segments
-- Delete the segments that were archived before $1; gives them.
DELETE FROM segments WHERE archived_at < $1 RETURNING id, nation_id

-- name: old_custom_fields
-- A nation with custom fields that were archived before $1, and their slugs.
SELECT nation_id, array_agg(slug::text) AS slugs FROM custom_fields WHERE archived_at < $1
GROUP BY nation_id ORDER BY nation_id LIMIT 1

-- name: forget_custom_values
-- Take what is known of the custom fields $2 of nation $1 off at most $3 of its profiles; gives of how many there was anything.
WITH keys AS MATERIALIZED (
    SELECT array_agg('custom:' || slug) AS gone FROM unnest($2::text[]) AS slug
), held AS MATERIALIZED (
    SELECT id FROM profiles WHERE nation_id = $1
        AND (custom_fields ?| $2::text[] OR times ?| (SELECT gone FROM keys) OR cleared && (SELECT gone FROM keys))
    ORDER BY id LIMIT $3 FOR NO KEY UPDATE
), wiped AS (
    UPDATE profiles p SET custom_fields = p.custom_fields - $2::text[], times = p.times - keys.gone,
        cleared = ARRAY(SELECT key FROM unnest(p.cleared) AS key WHERE key <> ALL (keys.gone))
    FROM held, keys WHERE p.id = held.id RETURNING p.id
)
SELECT count(*)::int FROM wiped

-- name: purge_custom_fields
-- Delete the custom fields $2 of nation $1 that are archived; gives them.
DELETE FROM custom_fields WHERE nation_id = $1 AND slug = ANY($2) AND archived_at IS NOT NULL RETURNING id
