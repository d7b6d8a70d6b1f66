"""People made up by the database itself, where there are too many to be sent."""

from datetime import date

# Birthdays as the statement spreads them.
FIRST_BIRTHDAY = date(1940, 1, 1)
DAYS_OF_BIRTH = 21_900

# Nation $1 gets $2 people: some names and towns are common, birthdays lie over sixty years, every second one consents.
MAKE_PEOPLE = """
INSERT INTO profiles (id, nation_id, version, is_supporter, is_prospect, custom_fields, times, cleared, created_at,
    updated_at, first_name, last_name, employer, occupation, birthdate, home_address, email_opt_in)
SELECT uuidv7(), $1::int, 1, false, false, '{}', '{}', '{}', now(), now(),
    'First ' || n % 997,
    (ARRAY['Miller', 'Moss', 'Adams', 'Baker', 'Clark', 'Davis', 'Evans', 'Frank'])[1 + n % 8] || ' ' || n,
    'Employer ' || n % 5003, 'Occupation ' || n % 211, date '1940-01-01' + (n::bigint * 7919 % 21900)::int,
    jsonb_build_object('address1', n || ' Long Street', 'city',
        (ARRAY['Riverton', 'Hillside', 'Lakeview', 'Stonebridge'])[1 + (n / 8) % 4], 'country_code', 'US'),
    n % 2 = 0
FROM generate_series(1, $2::int) AS n
"""

# A tag on one in $2 of nation $1's people; gives its id.
MAKE_TAG = """
WITH made AS (
    INSERT INTO tags (id, nation_id, name, taggings, created_at) VALUES (uuidv7(), $1, 'chosen', 0, now()) RETURNING id
), put AS (
    INSERT INTO taggings (tag_id, profile_id, created_at)
    SELECT made.id, p.id, now() FROM made, profiles p WHERE p.nation_id = $1 AND abs(hashtext(p.id::text)) % $2::int = 0
    RETURNING 1
)
SELECT id FROM made
"""
