-- name: pairing
-- What sender $1 and receiver $2 are to each other.
SELECT coalesce(a.network_id = b.network_id, false) AS one_network,
       coalesce(a.network_id = b.network_id AND n.shares_custom_fields, false) AS hq_shares_customs,
       a.voters_enabled AND b.voters_enabled AS both_voters,
       a.auto_districting OR b.auto_districting AS auto_districting,
       ARRAY(
           SELECT f.slug FROM custom_fields f
           JOIN custom_fields g ON g.nation_id = b.id AND g.slug = f.slug AND g.kind = f.kind AND g.archived_at IS NULL
           WHERE f.nation_id = a.id AND f.archived_at IS NULL ORDER BY f.slug
       )::text[] AS customs
FROM nations a JOIN nations b ON b.id = $2 LEFT JOIN networks n ON n.id = a.network_id
WHERE a.id = $1

-- name: end_share
-- Take down what share $1 put up: its taggings and tag in the receiver, its matches and conflicts, its work to do and its figures.
-- Gives the receiver's profiles that bore the tag.
WITH twin AS (SELECT id FROM tags WHERE share_id = $1),
     untagged AS (DELETE FROM taggings WHERE tag_id IN (SELECT id FROM twin) RETURNING profile_id),
     work AS (DELETE FROM changes WHERE share_id = $1),
     disputes AS (DELETE FROM conflicts WHERE share_id = $1),
     links AS (
         UPDATE matches SET state = 'ENDED', ended_at = clock_timestamp(), evidence = '[]', candidates = '[]', notes = '[]'
         WHERE share_id = $1 AND state <> 'ENDED'
     ),
     boxes AS (
         UPDATE share_stats SET matched = 0, not_found = 0, ambiguous = 0, synced = 0, unreviewed_changes = 0
         WHERE share_id = $1
     ),
     runs AS (
         UPDATE sync_runs SET state = 'CANCELLED', held_by = NULL, finished_at = clock_timestamp()
         WHERE share_id = $1 AND state IN ('QUEUED', 'RUNNING', 'HELD') RETURNING id
     ),
     chunks AS (DELETE FROM run_chunks WHERE run_id IN (SELECT id FROM runs))
SELECT profile_id FROM untagged

-- name: enqueue_tagged
-- Tag $1 was put on or taken off the profiles $2: the live shares of that tag have to look again. Gives the shares.
WITH queued AS (
    INSERT INTO changes (share_id, profile_id)
    SELECT s.id, profile_id FROM shares s CROSS JOIN unnest($2::uuid[]) AS profile_id
    WHERE s.tag_id = $1 AND s.status = 'APPROVED'
    RETURNING share_id
)
SELECT DISTINCT share_id FROM queued

-- name: add_taggings
-- Put tag $1 on the profiles $2; gives those that did not bear it.
INSERT INTO taggings (tag_id, profile_id) SELECT $1, unnest($2::uuid[])
ON CONFLICT (tag_id, profile_id) DO NOTHING RETURNING profile_id

-- name: remove_taggings
-- Take tag $1 off the profiles $2; gives those that bore it.
DELETE FROM taggings WHERE tag_id = $1 AND profile_id = ANY($2) RETURNING profile_id

-- name: count_taggings
-- Change the kept count of tag $1 by $2.
UPDATE tags SET taggings = taggings + $2 WHERE id = $1

-- name: rename_twins
-- Give the receivers' twins of tag $1 its name $2; gives them.
UPDATE tags SET name = $2 FROM shares s
WHERE s.tag_id = $1 AND tags.share_id = s.id
RETURNING tags.id, tags.nation_id
