-- name: lockers
-- The nations that share the shares $1: of each share the nation's slug and name.
SELECT s.id AS share_id, n.slug, n.name FROM shares s JOIN nations n ON n.id = s.sender_id WHERE s.id = ANY($1)

-- name: locked_membership
-- One of the profiles $1 that is in a group that a share made, the group's name, the share, and the name of the nation that shares.
SELECT t.profile_id, g.name, g.share_id, n.name AS nation
FROM taggings t
JOIN tags g ON g.id = t.tag_id AND g.kind = 'GROUP'
JOIN shares s ON s.id = g.share_id
JOIN nations n ON n.id = s.sender_id
WHERE t.profile_id = ANY($1) ORDER BY t.profile_id LIMIT 1
