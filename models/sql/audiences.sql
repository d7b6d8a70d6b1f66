-- name: gather_members
-- Put the hidden tag $3 of share $2 on exactly the people of nation $1 who meet the criteria, and have the share look at whoever
-- came or went; gives how many.
WITH want AS MATERIALIZED (
    SELECT p.id FROM profiles p WHERE p.nation_id = $1 AND p.archived_at IS NULL AND /* criteria */ true
), new AS MATERIALIZED (
    SELECT p.id FROM want JOIN profiles p ON p.id = want.id
    WHERE NOT EXISTS (SELECT FROM taggings t WHERE t.tag_id = $3 AND t.profile_id = want.id) FOR KEY SHARE OF p
), came AS (
    INSERT INTO taggings (tag_id, profile_id) SELECT $3, id FROM new ON CONFLICT DO NOTHING RETURNING profile_id
), gone AS (
    DELETE FROM taggings t WHERE t.tag_id = $3 AND NOT EXISTS (SELECT FROM want WHERE want.id = t.profile_id)
    RETURNING t.profile_id
), told AS (
    INSERT INTO changes (share_id, profile_id)
    SELECT $2::uuid, profile_id FROM came UNION ALL SELECT $2::uuid, profile_id FROM gone
)
SELECT (SELECT count(*) FROM came)::int AS came, (SELECT count(*) FROM gone)::int AS gone

-- name: place_members
-- Put the hidden tag $3 on exactly those contacts that share $2 links with people of nation $1 who are shared and meet the
-- criteria; gives how many came and went.
WITH want AS MATERIALIZED (
    SELECT m.receiver_profile_id AS id FROM profiles p
    JOIN matches m ON m.share_id = $2 AND m.sender_profile_id = p.id AND m.state IN ('SYNCED', 'CONFLICTED')
    WHERE p.nation_id = $1 AND p.archived_at IS NULL AND /* criteria */ true
), new AS MATERIALIZED (
    SELECT p.id FROM want JOIN profiles p ON p.id = want.id
    WHERE NOT EXISTS (SELECT FROM taggings t WHERE t.tag_id = $3 AND t.profile_id = want.id) FOR KEY SHARE OF p
), came AS (
    INSERT INTO taggings (tag_id, profile_id) SELECT $3, id FROM new ON CONFLICT DO NOTHING RETURNING profile_id
), gone AS (
    DELETE FROM taggings t WHERE t.tag_id = $3 AND NOT EXISTS (SELECT FROM want WHERE want.id = t.profile_id)
    RETURNING t.profile_id
)
SELECT (SELECT count(*) FROM came)::int AS came, (SELECT count(*) FROM gone)::int AS gone

-- name: known_by_reference
-- Of the people that bear the hidden tag $2 and have no match in share $1: the one contact of nation $3 that bears a reference to
-- each, where no other link of the share has it.
WITH found AS (
    SELECT t.profile_id AS sender, (array_agg(r.id))[1] AS receiver, bool_or(r.archived_at IS NOT NULL) AS archived
    FROM taggings t JOIN profiles r
        ON r.nation_id = $3 AND r.custom_fields ? 'audience_sharing_reference_ids'
        AND r.custom_fields ->> 'audience_sharing_reference_ids' = t.profile_id::text
    WHERE t.tag_id = $2 AND NOT EXISTS (
        SELECT FROM matches m WHERE m.share_id = $1 AND m.sender_profile_id = t.profile_id AND m.state <> 'ENDED'
    )
    GROUP BY 1 HAVING count(*) = 1
)
SELECT sender, receiver, archived FROM found f
WHERE NOT EXISTS (
    SELECT FROM matches m WHERE m.share_id = $1 AND m.receiver_profile_id = f.receiver
        AND m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
)
AND NOT EXISTS (
    SELECT FROM strangers s WHERE s.one = least(f.sender, f.receiver) AND s.other = greatest(f.sender, f.receiver)
)

-- name: leavers
-- At most $3 of the contacts that share $1 made, that are not archived and that the group $2 holds no more.
SELECT m.profile_id FROM audience_made m JOIN profiles p ON p.id = m.profile_id
WHERE m.share_id = $1 AND p.archived_at IS NULL
    AND NOT EXISTS (SELECT FROM taggings t WHERE t.tag_id = $2 AND t.profile_id = m.profile_id)
ORDER BY m.profile_id LIMIT $3

-- name: opted_out
-- How many of those whom share $1 links opted out in the target (t) of something that the source (s) says they want.
SELECT count(*)::int FROM matches m JOIN profiles t ON t.id = m.receiver_profile_id JOIN profiles s ON s.id = m.sender_profile_id
WHERE m.share_id = $1 AND m.state IN ('SYNCED', 'CONFLICTED') AND /* kept */ true

-- name: note_opted_out
-- Keep with run $1 that so many ($2) want no more of it.
UPDATE sync_runs SET counts = counts || jsonb_build_object('opted_out', $2::int) WHERE id = $1

-- name: needs_all
-- Whether a run of share $1 has to look at everybody: none has come to its end yet, or since then a field began to travel.
SELECT last_sync_at IS NULL OR EXISTS (
    SELECT FROM jsonb_each_text(coalesce(carried, '{}')) AS c
    WHERE c.value::bigint > (extract(epoch FROM last_sync_at) * 1000000)::bigint
) FROM shares WHERE id = $1

-- name: changes_waiting
-- How many people share $1 has to look at.
SELECT count(DISTINCT profile_id)::int FROM changes WHERE share_id = $1

-- name: enqueue_freed
-- Have share $1 look again at whomever it could not give an address that can be given by now: nobody else in the target has it, and
-- the contact has fewer than $2. Gives how many there are.
WITH freed AS (
    SELECT DISTINCT m.sender_profile_id
    FROM matches m JOIN shares s ON s.id = m.share_id
    JOIN taggings t ON t.tag_id = s.tag_id AND t.profile_id = m.sender_profile_id
    JOIN profiles p ON p.id = m.receiver_profile_id AND p.archived_at IS NULL
    CROSS JOIN LATERAL jsonb_to_recordset(m.notes) AS n (address text)
    JOIN profile_emails w ON w.profile_id = m.sender_profile_id AND w.address = n.address
    WHERE m.share_id = $1 AND m.state IN ('SYNCED', 'CONFLICTED') AND m.notes <> '[]'
        AND NOT EXISTS (SELECT FROM profile_emails e WHERE e.nation_id = s.receiver_id AND e.address = n.address)
        AND (SELECT count(*) FROM profile_emails e WHERE e.profile_id = p.id) < $2
), queued AS (
    INSERT INTO changes (share_id, profile_id) SELECT $1, sender_profile_id FROM freed RETURNING 1
)
SELECT count(*)::int FROM queued

-- name: note_field
-- Share $1 locks the target's custom field $2, and made it, or brought it back, where $3 says so.
INSERT INTO audience_fields (share_id, field_id, made) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- name: release_fields
-- Unlock the custom fields that share $1 locks, those of the slugs $2 or all where that is null, and archive those that it made.
WITH released AS (
    DELETE FROM audience_fields a USING custom_fields f
    WHERE a.share_id = $1 AND f.id = a.field_id AND ($2::text[] IS NULL OR f.slug = ANY($2))
    RETURNING a.field_id, a.made
)
UPDATE custom_fields f SET locked_by_id = NULL,
    archived_at = CASE WHEN r.made THEN clock_timestamp() ELSE f.archived_at END
FROM released r WHERE f.id = r.field_id
RETURNING f.id

-- name: segments_called_otherwise
-- The segments of share $1's target that are called otherwise than the source's: the name that each is to have, and which other
-- segment of the target has it now.
SELECT t.id, s.name AS wanted, (
    SELECT o.id FROM segments o
    WHERE o.nation_id = t.nation_id AND o.id <> t.id AND lower(o.name) = lower(s.name) AND o.archived_at IS NULL
) AS holder
FROM audience_segments a JOIN segments s ON s.id = a.segment_id JOIN segments t ON t.id = a.twin_id
WHERE a.share_id = $1 AND t.name <> s.name ORDER BY t.id FOR UPDATE OF t

-- name: call_segments
-- Call the segments $1 by the names $2.
UPDATE segments t SET name = u.name, version = t.version + 1, updated_at = clock_timestamp()
FROM unnest($1::uuid[], $2::text[]) AS u (id, name) WHERE t.id = u.id

-- name: redefine_fields
-- The custom fields that share $1 made in the target and that the source labels otherwise by now, or gives other options.
UPDATE custom_fields t SET label = s.label, options = s.options
FROM audience_fields a JOIN shares h ON h.id = a.share_id, custom_fields s
WHERE a.share_id = $1 AND a.made AND t.id = a.field_id AND s.nation_id = h.sender_id AND s.slug = t.slug
    AND s.archived_at IS NULL AND (t.label, t.options) IS DISTINCT FROM (s.label, s.options)
RETURNING t.id

-- name: unshare
-- Nobody is shared by share $1 any more: take its hidden tag $2 off everybody.
DELETE FROM taggings WHERE tag_id = $2 AND EXISTS (SELECT FROM shares WHERE id = $1)

-- name: ended_audiences
-- Audience shares that are over and whose contacts in the target are yet to be archived.
SELECT id FROM shares s WHERE s.kind = 'AUDIENCE' AND s.status = 'STOPPED' AND EXISTS (
    SELECT FROM audience_made m JOIN profiles p ON p.id = m.profile_id WHERE m.share_id = s.id AND p.archived_at IS NULL
)

-- name: sync_sooner
-- Have share $1, which waits for its next sync, not wait for longer than $2 hours after the last; gives it where that is sooner.
UPDATE shares SET next_sync_at = greatest(last_sync_at + make_interval(hours => $2), clock_timestamp())
WHERE id = $1 AND greatest(last_sync_at + make_interval(hours => $2), clock_timestamp()) < next_sync_at
RETURNING id

-- name: own_from_now_on
-- The contacts $1 are the target's own from now on: whatever share made them archives them no more.
DELETE FROM audience_made WHERE profile_id = ANY($1)

-- name: targets_of_segment
-- The targets that are given segment $1, by slug.
SELECT n.slug FROM audience_segments a JOIN shares s ON s.id = a.share_id JOIN nations n ON n.id = s.receiver_id
WHERE a.segment_id = $1 ORDER BY n.slug

-- name: hold_segments
-- Keep the segments $1 as they are until the transaction ends; gives those that are archived.
SELECT id, archived_at IS NOT NULL AS archived, name FROM segments WHERE id = ANY($1) ORDER BY id FOR KEY SHARE

-- name: hold_audience
-- Keep everybody else from changing the audience of nation $1 until the transaction ends.
SELECT id FROM audiences WHERE nation_id = $1 FOR UPDATE

-- name: audiences_among
-- Which of the shares $1 are of audiences.
SELECT id FROM shares WHERE id = ANY($1) AND kind = 'AUDIENCE'

-- name: was_there_before
-- Profile $1 is what is left of itself and the profiles $2: where one of these was there before an audience was shared, it was.
DELETE FROM audience_made WHERE profile_id = $1 AND EXISTS (
    SELECT FROM unnest($2::uuid[]) AS d (id) WHERE NOT EXISTS (SELECT FROM audience_made m WHERE m.profile_id = d.id)
)
