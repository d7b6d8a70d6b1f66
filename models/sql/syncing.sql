-- name: pairs_to_sync
-- The links among the matches $1, locked, of profiles that bear the shared tag: one that lost it is synced no more.
SELECT m.id, sender_profile_id, receiver_profile_id, state, out_of_step, email_base, notes, first_synced_at,
    settled_at, seen
FROM matches m JOIN shares s ON s.id = m.share_id JOIN taggings t ON t.tag_id = s.tag_id AND t.profile_id = m.sender_profile_id
WHERE m.id = ANY($1) AND state IN ('MATCHED', 'SYNCED', 'CONFLICTED') ORDER BY m.id FOR UPDATE OF m

-- name: pairs_in_step
-- The links of share $1 that were synced before, locked, as pairs_to_sync gives them: of those of the sender's profiles $3 that
-- bear the shared tag $2, where the receiver's profile is there and nobody said that the two are not the same person.
SELECT m.id, sender_profile_id, receiver_profile_id, state, out_of_step, email_base, notes, first_synced_at,
    settled_at, seen
FROM matches m
JOIN taggings t ON t.tag_id = $2 AND t.profile_id = m.sender_profile_id
JOIN profiles p ON p.id = m.receiver_profile_id AND p.archived_at IS NULL
WHERE m.share_id = $1 AND m.sender_profile_id = ANY($3) AND m.state IN ('SYNCED', 'CONFLICTED') AND NOT EXISTS (
    SELECT FROM strangers s
    WHERE s.one = least(m.sender_profile_id, m.receiver_profile_id)
        AND s.other = greatest(m.sender_profile_id, m.receiver_profile_id)
)
ORDER BY m.id FOR UPDATE OF m

-- name: strays_among
-- Which of the matches $1 are of profiles that no longer bear the shared tag.
SELECT m.id FROM matches m JOIN shares s ON s.id = m.share_id
WHERE m.id = ANY($1) AND NOT EXISTS (SELECT FROM taggings t WHERE t.tag_id = s.tag_id AND t.profile_id = m.sender_profile_id)

-- name: note_carried
-- Since when share $1 carries each of the fields $2, in microseconds since 1970: those that it did not carry begin now, and those
-- that it carries no more are forgotten. A share of which nothing is known yet has carried them from the start.
UPDATE shares SET carried = (
    SELECT coalesce(jsonb_object_agg(f, coalesce(carried -> f, CASE WHEN carried IS NULL THEN '0'::jsonb
        ELSE to_jsonb((extract(epoch FROM clock_timestamp()) * 1000000)::bigint) END)), '{}')
    FROM unnest($2::text[]) AS f)
WHERE id = $1

-- name: conflicts_of_matches
-- Every conflict on record of the matches $1.
SELECT id, match_id, field, state, sender_value, receiver_value FROM conflicts WHERE match_id = ANY($1)

-- name: fellow_shares
-- The other live tag shares that sync profiles between the nations of tag share $1, in either direction. What an audience does
-- is under no mode.
SELECT o.id FROM shares s JOIN shares o
    ON (o.sender_id, o.receiver_id) IN ((s.sender_id, s.receiver_id), (s.receiver_id, s.sender_id))
WHERE s.id = $1 AND o.id <> s.id AND o.status = 'APPROVED' AND o.sync_profiles AND s.kind = 'TAG' AND o.kind = 'TAG'

-- name: fellow_links
-- Which of the shares $2 link the same two profiles as the matches $1, and what is out of step there.
SELECT m.id AS match_id, o.share_id, o.out_of_step
FROM matches m JOIN matches o ON o.share_id = ANY($2) AND o.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
    AND ((o.sender_profile_id = m.sender_profile_id AND o.receiver_profile_id = m.receiver_profile_id)
      OR (o.sender_profile_id = m.receiver_profile_id AND o.receiver_profile_id = m.sender_profile_id))
WHERE m.id = ANY($1)

-- name: wake_fellows
-- Whoever share $1 links (by the matches $2, or by any where that is null) and one of the shares $3 links too is looked at again
-- there, since other modes may govern. Gives the shares.
WITH queued AS (
    INSERT INTO changes (share_id, profile_id)
    SELECT o.share_id, o.sender_profile_id
    FROM matches m JOIN matches o ON o.share_id = ANY($3) AND o.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
        AND ((o.sender_profile_id = m.sender_profile_id AND o.receiver_profile_id = m.receiver_profile_id)
          OR (o.sender_profile_id = m.receiver_profile_id AND o.receiver_profile_id = m.sender_profile_id))
    WHERE m.share_id = $1 AND ($2::uuid[] IS NULL OR m.id = ANY($2)) AND m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
    RETURNING share_id
)
SELECT DISTINCT share_id FROM queued

-- name: save_synced
-- What syncing left: $1 the match, $2 its state, $3 out of step, $4 email base (both as array literals), $5 notes, $6 what was
-- seen of the sender.
UPDATE matches m SET state = s.state, out_of_step = s.out_of_step::text[], email_base = s.email_base::text[], notes = s.notes,
    seen = s.seen, first_synced_at = coalesce(m.first_synced_at, clock_timestamp()), settled_at = clock_timestamp()
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[])
    AS s (id, state, out_of_step, email_base, notes, seen)
WHERE m.id = s.id

-- name: save_conflicts
-- Record conflicts: $1 a fresh id, $2 the match, $3 the share, $4 the field, $5 state, $6 and $7 the values, $8 and $9 when they changed.
-- Gives the ids on record.
INSERT INTO conflicts (id, match_id, share_id, field, state, sender_value, receiver_value, sender_changed_at,
    receiver_changed_at, opened_at, closed_at)
SELECT c.id, c.match_id, $3, c.field, c.state, c.sender_value, c.receiver_value, c.sender_at, c.receiver_at, clock_timestamp(),
    CASE WHEN c.state = 'RESOLVED' THEN clock_timestamp() END
FROM unnest($1::uuid[], $2::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])
    AS c (id, match_id, field, state, sender_value, receiver_value, sender_at, receiver_at)
ON CONFLICT (match_id, field) DO UPDATE SET state = excluded.state, sender_value = excluded.sender_value,
    receiver_value = excluded.receiver_value, sender_changed_at = excluded.sender_changed_at,
    receiver_changed_at = excluded.receiver_changed_at, closed_at = excluded.closed_at,
    opened_at = CASE WHEN conflicts.state = 'RESOLVED' THEN excluded.opened_at ELSE conflicts.opened_at END
RETURNING id

-- name: claim_changes
-- Take at most $2 pieces of work of share $1 off the list; gives the sender's profiles to look at.
WITH taken AS (
    DELETE FROM changes WHERE id IN (
        SELECT id FROM changes WHERE share_id = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
    ) RETURNING profile_id
)
SELECT DISTINCT profile_id FROM taken

-- name: shares_with_changes
-- Live tag shares that have had work to do for longer than $1; that of an audience waits for its next run.
SELECT DISTINCT c.share_id FROM changes c JOIN shares s ON s.id = c.share_id
WHERE s.status = 'APPROVED' AND s.kind = 'TAG' AND c.queued_at < clock_timestamp() - $1::interval

-- name: tagged_between
-- The profiles from $2 to $3 that bear tag $1, in order of id.
SELECT profile_id FROM taggings WHERE tag_id = $1 AND profile_id BETWEEN $2 AND $3 ORDER BY profile_id

-- name: matches_between
-- The matches from $2 to $3 of share $1 that are in one of the states $4 and whose profile bears the shared tag, in order of id.
SELECT m.id, sender_profile_id, state
FROM matches m JOIN shares s ON s.id = m.share_id JOIN taggings t ON t.tag_id = s.tag_id AND t.profile_id = m.sender_profile_id
WHERE m.share_id = $1 AND state = ANY($4) AND m.id BETWEEN $2 AND $3 ORDER BY m.id

-- name: enqueue_strays
-- The matches of share $1 whose profile no longer bears tag $2, whose receiver profile is gone or archived, or that link two who
-- are on record as not the same person, have to be looked at again.
INSERT INTO changes (share_id, profile_id)
SELECT m.share_id, m.sender_profile_id FROM matches m
WHERE m.share_id = $1 AND m.state <> 'ENDED' AND (
    NOT EXISTS (SELECT FROM taggings t WHERE t.tag_id = $2 AND t.profile_id = m.sender_profile_id)
    OR (m.receiver_profile_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM profiles p WHERE p.id = m.receiver_profile_id AND p.archived_at IS NULL))
    OR EXISTS (
        SELECT FROM strangers s
        WHERE s.one = least(m.sender_profile_id, m.receiver_profile_id)
            AND s.other = greatest(m.sender_profile_id, m.receiver_profile_id)
    )
)

-- name: touch_share
-- Share $1 has synced just now; the next sync is due in its time.
UPDATE shares s SET last_sync_at = clock_timestamp(), next_sync_at = next_sync_of(s) WHERE id = $1
