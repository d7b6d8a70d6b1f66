"""What the schema derives from the catalogue: nothing is written by hand, so nothing is missing."""

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, build_schema
from strawberry.utils.str_converters import to_camel_case

from resolvers.roots import print_sdl
from sharing.fields import ADDRESS_COMPONENTS, ADDRESSES, COLUMNS, FIELDS
from sharing.kinds import OPTIONAL_GROUPS

SCHEMA = build_schema(print_sdl())


def fields_of(name):
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
    return {field: str(found.type) for field, found in kind.fields.items()}


def values_of(name):
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    return set(kind.values)


def test_a_profile_has_every_field():
    fields = fields_of("Profile")
    assert {to_camel_case(key) for key in FIELDS} <= set(fields)
    assert {fields[to_camel_case(key)] for key in COLUMNS} == {"String", "Date", "Boolean", "Int", "Address"}
    assert {key for key in FIELDS if fields[to_camel_case(key)] == "Address"} == set(ADDRESSES)


def test_every_field_can_be_written_and_blanked():
    fields = fields_of("ProfileInput")
    flags = {"isSupporter", "isProspect"}
    assert set(fields) == {to_camel_case(key) for key in FIELDS} | flags
    assert not [name for name, kind in fields.items() if kind.endswith("!")]


def test_an_address_has_its_twenty_two_components():
    components = {to_camel_case(key): "String" for key in ADDRESS_COMPONENTS}
    assert len(components) == 22
    assert fields_of("Address") == components
    assert fields_of("AddressInput") == components


def test_the_enums_name_every_field_and_every_optional_group():
    assert values_of("ProfileField") == {key.upper() for key in FIELDS}
    assert values_of("OptionalGroup") == {group.name for group in OPTIONAL_GROUPS}
