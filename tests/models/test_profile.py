"""Whether the columns of profiles are the catalogue's fields, no more and no fewer."""

import asyncpg
import pytest
from tortoise import fields

from models.profile import Profile
from models.records import sql_type
from sharing.fields import COLUMNS, FIELDS
from sharing.kinds import Kind

OWN = {
    "id",
    "nation_id",
    "version",
    "is_supporter",
    "is_prospect",
    "custom_fields",
    "times",
    "cleared",
    "created_at",
    "updated_at",
    "archived_at",
}
FIELD_TYPES = {
    Kind.DATE: fields.DateField,
    Kind.BOOLEAN: fields.BooleanField,
    Kind.LEVEL: fields.SmallIntField,
    Kind.ADDRESS: fields.JSONField,
}
NAMES = {"bool": "boolean"}


async def test_the_model_has_a_column_for_each_field_of_the_catalogue_and_none_besides(database: None):
    """The ORM knows a nation's column once it is opened."""
    assert set(Profile._meta.db_fields) == set(COLUMNS) | OWN


@pytest.mark.parametrize("key", COLUMNS)
def test_a_field_may_be_blank_and_has_the_type_of_its_kind(key: str):
    field = Profile._meta.fields_map[key]
    assert field.null
    assert type(field) is FIELD_TYPES.get(FIELDS[key].kind, fields.TextField)


async def test_the_table_has_the_types_that_bulk_writes_name(database_url: str):
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'profiles'"
    )
    await connection.close()
    types = {row["column_name"]: row["data_type"] for row in rows}
    assert set(types) == set(COLUMNS) | OWN
    assert {key: types[key] for key in COLUMNS} == {key: NAMES.get(sql_type(key), sql_type(key)) for key in COLUMNS}
