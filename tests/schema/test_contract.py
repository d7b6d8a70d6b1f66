"""The schema holds what clients rely on: nothing of the contract is missing, and nothing is narrower than it says."""

from pathlib import Path

import pytest
from graphql import (
    EnumTypeDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    build_schema,
    parse,
)

from resolvers.roots import print_sdl

CONTRACT = parse(Path(__file__).with_name("contract.graphql").read_text())
DEFINITIONS = {definition.name.value: definition for definition in CONTRACT.definitions}
ERRORS = {
    "InvalidInputError", "NotFoundError", "ForbiddenError", "LockedError", "IllegalTransitionError", "StaleVersionError",
}  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(print_sdl())


def layers(node: TypeNode) -> list[str]:
    """A type as a list of its wrappings, the outermost first."""
    if isinstance(node, NonNullTypeNode):
        return ["!", *layers(node.type)]
    return ["[]", *layers(node.type)] if isinstance(node, ListTypeNode) else [node.name.value]


def wrappings(text: str) -> list[str]:
    if text.endswith("!"):
        return ["!", *wrappings(text[:-1])]
    return ["[]", *wrappings(text[1:-1])] if text.startswith("[") else [text]


def is_narrowing_of(actual: list[str], promised: list[str]) -> bool:
    """Whether a type is the promised one, or the same made non-null in places."""
    if not promised:
        return not actual
    if actual and actual[0] == promised[0]:
        return is_narrowing_of(actual[1:], promised[1:])
    return bool(actual) and actual[0] == "!" and is_narrowing_of(actual[1:], promised)


def broken_output(kind: GraphQLNamedType, node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode) -> list[str]:
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    missing = {interface.name.value for interface in node.interfaces or ()} - {found.name for found in kind.interfaces}
    broken = [f"{kind.name} implements {name}" for name in missing]
    for field in node.fields or ():
        found = kind.fields.get(field.name.value)
        if found is None or not is_narrowing_of(wrappings(str(found.type)), layers(field.type)):
            broken.append(f"{kind.name}.{field.name.value}: {found and found.type}")
            continue
        promised = {argument.name.value: layers(argument.type) for argument in field.arguments or ()}
        for name, argument in found.args.items():
            if name not in promised and str(argument.type).endswith("!"):
                broken.append(f"{kind.name}.{field.name.value}({name}) is required")
        for name, wanted in promised.items():
            argument = found.args.get(name)
            if argument is None or not is_narrowing_of(wanted, wrappings(str(argument.type))):
                broken.append(f"{kind.name}.{field.name.value}({name}): {argument and argument.type}")
    return broken


def broken_input(kind: GraphQLNamedType, node: InputObjectTypeDefinitionNode) -> list[str]:
    assert isinstance(kind, GraphQLInputObjectType)
    promised = {field.name.value: layers(field.type) for field in node.fields or ()}
    broken = [
        f"{kind.name}.{name}"
        for name, wanted in promised.items()
        if name not in kind.fields or not is_narrowing_of(wanted, wrappings(str(kind.fields[name].type)))
    ]
    extra = [name for name, field in kind.fields.items() if name not in promised and str(field.type).endswith("!")]
    return broken + [f"{kind.name}.{name} is required" for name in extra]


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_the_contract_holds(schema: GraphQLSchema, name: str):
    kind, node = schema.type_map.get(name), DEFINITIONS[name]
    assert kind is not None
    match node:
        case EnumTypeDefinitionNode():
            assert isinstance(kind, GraphQLEnumType)
            assert {value.name.value for value in node.values or ()} <= set(kind.values)
        case UnionTypeDefinitionNode():
            assert isinstance(kind, GraphQLUnionType)
            assert {member.name.value for member in node.types} == {member.name for member in kind.types}
        case InputObjectTypeDefinitionNode():
            assert broken_input(kind, node) == []
        case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
            assert broken_output(kind, node) == []


def test_every_mutation_takes_one_input_and_answers_its_payload_or_an_error(schema: GraphQLSchema):
    assert schema.mutation_type
    for field in schema.mutation_type.fields.values():
        assert list(field.args) == ["input"]
        assert str(field.args["input"].type).endswith("Input!")
        result = schema.type_map[str(field.type).removesuffix("!")]
        assert isinstance(result, GraphQLUnionType)
        assert result.name.endswith("Result")
        members = {member.name for member in result.types}
        assert members - ERRORS == {result.name.removesuffix("Result") + "Payload"}
        assert "InvalidInputError" in members


def test_every_error_is_a_user_error(schema: GraphQLSchema):
    interface = schema.type_map["UserError"]
    assert isinstance(interface, GraphQLInterfaceType)
    assert {kind.name for kind in schema.get_possible_types(interface)} == ERRORS
