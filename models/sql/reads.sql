-- name: stream_positions
-- How far the logs of the nations $1 have come; one that nothing was written to is missing.
SELECT nation_id, position FROM streams WHERE nation_id = ANY($1)

-- name: pairings_of_shares
-- What sender and receiver of each of the shares $1 are to each other.
SELECT s.id AS share_id,
       coalesce(a.network_id = b.network_id, false) AS one_network,
       coalesce(a.network_id = b.network_id AND n.shares_custom_fields, false) AS hq_shares_customs,
       a.voters_enabled AND b.voters_enabled AS both_voters,
       a.auto_districting OR b.auto_districting AS auto_districting,
       ARRAY(
           SELECT f.slug FROM custom_fields f
           JOIN custom_fields g ON g.nation_id = b.id AND g.slug = f.slug AND g.kind = f.kind AND g.archived_at IS NULL
           WHERE f.nation_id = a.id AND f.archived_at IS NULL ORDER BY f.slug
       )::text[] AS customs
FROM shares s
JOIN nations a ON a.id = s.sender_id
JOIN nations b ON b.id = s.receiver_id
LEFT JOIN networks n ON n.id = a.network_id
WHERE s.id = ANY($1)

-- name: profiles_by_key
-- Whose match keys in nation $1 are of kind $2 and hold $3.
SELECT DISTINCT profile_id FROM match_keys WHERE nation_id = $1 AND kind = $2 AND key = $3
