-- name: purge_segments
-- Delete the segments that were archived before $1; gives them.
DELETE FROM segments WHERE archived_at < $1 RETURNING id, nation_id
