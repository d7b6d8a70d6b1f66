-- name: shares_of_people
-- The live shares that carry one of the profiles $1, from either side, in order.
SELECT id FROM shares WHERE status = 'APPROVED' AND id IN (
    SELECT s.id FROM taggings t JOIN shares s ON s.tag_id = t.tag_id WHERE t.profile_id = ANY($1)
    UNION
    SELECT share_id FROM matches WHERE sender_profile_id = ANY($1) AND state <> 'ENDED'
    UNION
    SELECT share_id FROM matches WHERE receiver_profile_id = ANY($1) AND state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
)
ORDER BY id

-- name: lock_profiles
-- Lock the profiles $2 of nation $1, in order, save those that are archived; gives their versions, and whether each is a supporter.
SELECT id, version, is_supporter FROM profiles WHERE nation_id = $1 AND id = ANY($2) AND archived_at IS NULL ORDER BY id FOR UPDATE

-- name: record_merge
-- Keep what nation $2 is about to merge: $1 a fresh id, $3 the profile that is left, $4 this one and its duplicates, who are kept
-- whole, each with its emails, tags, matches and strangers; $5 the user or $6 the token that merges; $7 the values that
-- are lost to it, as pairs of field and text.
INSERT INTO merges (id, nation_id, survivor_id, snapshots, user_id, token_id, dropped)
SELECT $1, $2, $3, jsonb_agg(jsonb_build_object(
    'profile', to_jsonb(p),
    'emails', (SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.position), '[]') FROM profile_emails e WHERE e.profile_id = p.id),
    'tags', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM taggings t WHERE t.profile_id = p.id),
    'matches', (
        SELECT coalesce(jsonb_agg(to_jsonb(m) ORDER BY m.id), '[]') FROM matches m
        WHERE m.sender_profile_id = p.id AND m.state <> 'ENDED'
           OR m.receiver_profile_id = p.id AND m.state IN ('MATCHED', 'SYNCED', 'CONFLICTED')
    ),
    'strangers', (SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') FROM strangers s WHERE s.one = p.id OR s.other = p.id)
) ORDER BY p.id = $3 DESC, p.id), $5, $6, $7
FROM profiles p WHERE p.id = ANY($4)

-- name: pass_taggings
-- Put the nation's own tags and groups of the profiles $2 on profile $1 as well, and what an audience that it shares keeps of who
-- is shared; gives those that it did not have. Who is in what a share made is the share's to say.
INSERT INTO taggings (tag_id, profile_id)
SELECT DISTINCT t.tag_id, $1::uuid FROM taggings t JOIN tags ON tags.id = t.tag_id
WHERE t.profile_id = ANY($2) AND tags.share_id IS NULL
    AND (tags.kind <> 'AUDIENCE' OR EXISTS (SELECT FROM shares s WHERE s.tag_id = tags.id AND s.status = 'APPROVED'))
ON CONFLICT (tag_id, profile_id) DO NOTHING
RETURNING tag_id, (SELECT kind FROM tags WHERE tags.id = tag_id)

-- name: pass_link
-- Link $1 goes on between the sender's profile $2 and the receiver's $3, and begins anew.
UPDATE matches SET sender_profile_id = $2, receiver_profile_id = $3, state = 'MATCHED', out_of_step = '{}', email_base = '{}',
    notes = '[]', first_synced_at = NULL
WHERE id = $1

-- name: bad_emails
-- Which addresses of the profiles $1 are bad.
SELECT address FROM profile_emails WHERE profile_id = ANY($1) AND is_bad

-- name: mark_emails_bad
-- The addresses $2 of nation $1 are bad.
UPDATE profile_emails SET is_bad = true WHERE nation_id = $1 AND address = ANY($2)

-- name: dropped_in
-- The values that were lost in merge $1 of one of the nations $2, in order: field and text.
SELECT d.pair->>0 AS key, d.pair->>1 AS value
FROM merges m CROSS JOIN LATERAL jsonb_array_elements(m.dropped) WITH ORDINALITY AS d (pair, place)
WHERE m.id = $1 AND m.nation_id = ANY($2) ORDER BY d.place
