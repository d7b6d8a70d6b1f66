-- name: drop_shares_of_nation
-- Forget every share that nation $1 sent or received; gives them.
WITH work AS (
    DELETE FROM changes WHERE share_id IN (SELECT id FROM shares WHERE sender_id = $1 OR receiver_id = $1)
)
DELETE FROM shares WHERE sender_id = $1 OR receiver_id = $1 RETURNING id, sender_id, receiver_id, tag_id, status, kind

-- name: drop_people_of_nation
-- Forget the people of nation $1, with all that hangs on them, and its log of events.
WITH keys AS (DELETE FROM match_keys WHERE nation_id = $1),
     emails AS (DELETE FROM profile_emails WHERE nation_id = $1),
     tagged AS (DELETE FROM taggings WHERE tag_id IN (SELECT id FROM tags WHERE nation_id = $1)),
     written AS (DELETE FROM ledger WHERE nation_id = $1),
     merged AS (DELETE FROM merges WHERE nation_id = $1),
     told AS (DELETE FROM events WHERE nation_id = $1)
DELETE FROM profiles WHERE nation_id = $1
