-- name: lock_to_archive
-- Those of the profiles $1 of nation $2 that are not archived, locked in order: nobody links, tags or edits them meanwhile.
SELECT id FROM profiles WHERE id = ANY($1) AND nation_id = $2 AND archived_at IS NULL ORDER BY id FOR UPDATE

-- name: lock_archived
-- Those of the profiles $1 of nation $2 that are archived, locked in order.
SELECT id FROM profiles WHERE id = ANY($1) AND nation_id = $2 AND archived_at IS NOT NULL ORDER BY id FOR UPDATE

-- name: set_archived
-- The profiles $1 are archived from now on, or where $2 is false no longer.
UPDATE profiles SET archived_at = CASE WHEN $2 THEN clock_timestamp() END, version = version + 1, updated_at = clock_timestamp()
WHERE id = ANY($1)

-- name: put_taggings_away
-- Put the tags and groups of the profiles $1 aside. Gives what is on fewer now, of what kind it is, and on how many fewer.
WITH gone AS (
    DELETE FROM taggings WHERE profile_id = ANY($1) RETURNING profile_id, tag_id, created_at
), kept AS (
    INSERT INTO archived_taggings (profile_id, tag_id, created_at) SELECT profile_id, tag_id, created_at FROM gone
    ON CONFLICT (profile_id, tag_id) DO NOTHING
)
SELECT g.tag_id, t.kind, count(*)::int AS profiles FROM gone g JOIN tags t ON t.id = g.tag_id GROUP BY g.tag_id, t.kind

-- name: hold_archived_tags_of
-- Lock the nation's own tags and groups that were put aside with the profiles $1, in order, as hold_tags_of does.
SELECT id FROM tags
WHERE share_id IS NULL AND id IN (SELECT tag_id FROM archived_taggings WHERE profile_id = ANY($1))
ORDER BY id FOR NO KEY UPDATE

-- name: bring_taggings_back
-- Give the profiles $1 the tags and groups that were put aside with them; a tag that a share made only where the share links the
-- profile still, and who is in a segment that an audience fills is for its next run to say. Gives what is on more now, of what kind it is, and on how many more.
WITH kept AS (
    DELETE FROM archived_taggings WHERE profile_id = ANY($1) RETURNING profile_id, tag_id, created_at
), back AS (
    INSERT INTO taggings (profile_id, tag_id, created_at)
    SELECT k.profile_id, k.tag_id, k.created_at FROM kept k JOIN tags t ON t.id = k.tag_id
    WHERE (t.share_id IS NULL OR t.kind <> 'TAG' OR EXISTS (
        SELECT FROM matches m WHERE m.share_id = t.share_id AND m.receiver_profile_id = k.profile_id
            AND m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
    )) AND NOT EXISTS (SELECT FROM audience_segments a WHERE a.tag_id = t.id)
    ON CONFLICT (tag_id, profile_id) DO NOTHING RETURNING tag_id
)
SELECT b.tag_id, t.kind, count(*)::int AS profiles FROM back b JOIN tags t ON t.id = b.tag_id GROUP BY b.tag_id, t.kind

-- name: drop_keys_of
-- Drop the match keys of the profiles $1; gives them.
WITH gone AS (DELETE FROM match_keys WHERE profile_id = ANY($1) RETURNING kind, key) SELECT DISTINCT kind, key FROM gone

-- name: archived_holders
-- Which of the addresses $2 archived profiles of nation $1 hold.
SELECT e.address FROM profile_emails e JOIN profiles p ON p.id = e.profile_id
WHERE e.nation_id = $1 AND e.address = ANY($2) AND p.archived_at IS NOT NULL
