-- name: hold_network
-- Keep everybody else from changing network $1, who is in it and what custom fields its nations have, until the transaction ends.
SELECT slug, hq_id, shares_custom_fields FROM networks WHERE id = $1 FOR NO KEY UPDATE

-- name: hold_nation
-- Keep everybody else from changing nation $1 until the transaction ends; gives its network.
SELECT network_id FROM nations WHERE id = $1 FOR NO KEY UPDATE

-- name: clashing_fields
-- Custom fields of the nations of network $1 that bear the slug of one of HQ's and are of another kind, archived or not.
SELECT a.slug AS nation, f.slug, f.kind, h.kind AS hq_kind
FROM networks n
JOIN custom_fields h ON h.nation_id = n.hq_id AND h.archived_at IS NULL
JOIN nations a ON a.network_id = n.id AND a.id <> n.hq_id
JOIN custom_fields f ON f.nation_id = a.id AND f.slug = h.slug AND f.kind <> h.kind
WHERE n.id = $1 ORDER BY a.slug, f.slug LIMIT 100

-- name: impose_custom_fields
-- Give every nation of network $1 exactly the custom fields of its HQ: made or changed where they differ, others archived.
-- Gives those that it touched.
WITH hq AS (
    SELECT f.* FROM networks n JOIN custom_fields f ON f.nation_id = n.hq_id AND f.archived_at IS NULL WHERE n.id = $1
), members AS (
    SELECT a.id FROM networks n JOIN nations a ON a.network_id = n.id AND a.id <> n.hq_id WHERE n.id = $1
), archived AS (
    UPDATE custom_fields f SET archived_at = clock_timestamp()
    FROM members m
    WHERE f.nation_id = m.id AND f.archived_at IS NULL AND f.locked_by_id IS NULL AND NOT EXISTS (SELECT FROM hq WHERE hq.slug = f.slug)
    RETURNING f.id, f.nation_id
), imposed AS (
    INSERT INTO custom_fields AS mine (id, nation_id, slug, label, kind, options, created_at)
    SELECT uuidv7(), m.id, hq.slug, hq.label, hq.kind, hq.options, clock_timestamp() FROM members m CROSS JOIN hq
    ON CONFLICT (nation_id, slug) DO UPDATE SET label = excluded.label, options = excluded.options, archived_at = NULL
    WHERE (mine.label, mine.options, mine.archived_at) IS DISTINCT FROM (excluded.label, excluded.options, NULL::timestamptz)
    RETURNING id, nation_id
)
SELECT id, nation_id FROM archived UNION ALL SELECT id, nation_id FROM imposed

-- name: custom_fields_are_shared
-- Of the nations $1, those in a network whose HQ shares its custom field settings.
SELECT a.id FROM nations a JOIN networks n ON n.id = a.network_id
WHERE a.id = ANY($1) AND n.shares_custom_fields

-- name: nominee
-- The user whose address is $2, where it manages network $1, or belongs to a nation of it and may sign in; gives whether it
-- manages it.
WITH named AS (
    SELECT id, disabled_at,
           EXISTS (SELECT FROM network_memberships m WHERE m.user_id = u.id AND m.network_id = $1) AS manages
    FROM users u WHERE email = $2
)
SELECT id, manages FROM named
WHERE manages OR disabled_at IS NULL AND EXISTS (
    SELECT FROM memberships m JOIN nations n ON n.id = m.nation_id WHERE m.user_id = named.id AND n.network_id = $1
)

-- name: managers_of_networks
-- Who manages each of the networks $1, by address.
SELECT m.network_id, u.email, u.name FROM network_memberships m JOIN users u ON u.id = m.user_id
WHERE m.network_id = ANY($1) ORDER BY u.email
