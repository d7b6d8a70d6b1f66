"""Public judges of GraphQL schemas: they find nothing in ours but what is named here, each with its reason."""

import re
import shutil
from pathlib import Path

import orjson
import pytest

from tests.judges.packages import install, said
from tests.services import Shared

HERE = Path(__file__).parent
SCHEMA = HERE.parents[1] / "schema" / "schema.graphql"

VALUE = "is a value: it belongs to whatever holds it, and is never asked for again by itself"
EVENT = "is what an event tells: its cursor names it"
FIGURES = "is a figure of the thing that holds it, and has that thing's id"
CATALOGUE = "is the name that people's data bears everywhere"
CLIENTS = "is a name that clients rely on"
NAMED_TWICE = "is there besides a shorter name, so that it clashes with no other type's"
# What the judges of @graphql-eslint find, by rule and what it is about.
FOUND = {
    "strict-id-in-types": {
        **dict.fromkeys(
            ("Address", "CustomValue", "DroppedValue", "EmailNote", "InputProblem", "ProfileEmail", "PageInfo"), VALUE
        ),
        **dict.fromkeys(
            ("Candidate", "Evidence", "ExplainedFeature", "ExplainedKey", "ExplainedStep", "MatchExplanation"), VALUE
        ),
        **dict.fromkeys(("ImportRejection", "PairAccount", "SegmentPart", "SegmentPreview"), VALUE),
        **dict.fromkeys(("AcceptedTerms", "AudienceDifference", "AudienceSharing", "AudienceTargetChange"), VALUE),
        "AudienceTarget": "is a nation and what rules give it: both have their ids",
        **dict.fromkeys(("ChangeBatch", "ChangeEvent", "NodeChanged", "NodeDeleted", "RunProgressed"), EVENT),
        **dict.fromkeys(("ShareStatusChanged", "StatsChanged", "AutomationFired", "StreamReset"), EVENT),
        **dict.fromkeys(("Progress", "RateLimit", "RunHold", "ShareLimits", "ShareStats", "SideLimits"), FIGURES),
        "NationCard": "shows no more than a name and a slug, which is unique: an id would tell more than it may",
        "Membership": "is a pair of a user and a nation, each with its id",
        "NetworkManager": "is a pair of a user and a network, each with its id",
        "Viewer": "is whoever asks: there is one",
    },
    "no-typename-prefix": {
        "Address.address1": CATALOGUE,
        "Address.address2": CATALOGUE,
        "Address.address3": CATALOGUE,
        "Run.runState": CLIENTS,
        "Tag.taggings": CLIENTS,
        "Match.matchState": NAMED_TWICE,
        "Conflict.conflictState": NAMED_TWICE,
    },
    "relay-edge-types": {
        "AudienceTargetEdge": "leads to a nation and what rules give it, which is no thing of its own",
        "ImportRejectionEdge": "leads to a row of a file, which is no thing of its own",
        "NationCardEdge": "leads to what anybody may see of a nation, which is not the nation",
    },
}

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")), reason="needs Node.js, which is not on this machine"
)


@pytest.fixture(scope="module", autouse=True)
def judges(shared: Shared) -> None:
    """Have what the lock names."""
    install(HERE, shared)


async def test_graphql_schema_linter_finds_nothing() -> None:
    heard = await said("npx", "--no-install", "graphql-schema-linter", SCHEMA, folder=HERE)
    assert b"0 errors detected" in heard


async def test_graphql_eslint_finds_only_what_has_a_reason() -> None:
    found: dict[str, set[str]] = {}
    lines = SCHEMA.read_text().splitlines()
    for message in await eslint(SCHEMA):
        rule = message["ruleId"].removeprefix("@graphql-eslint/")
        found.setdefault(rule, set()).add(_about(message["message"], lines[: message["line"]]))
    assert found == {rule: set(reasons) for rule, reasons in FOUND.items()}


async def test_graphql_eslint_looks(tmp_path: Path) -> None:
    """A schema with a fault is found out: silence means that there is none."""
    wrong = tmp_path / "wrong.graphql"
    wrong.write_text("type Query {\n  BadName: Thing\n}\n\ntype Thing {\n  bad_name: Int\n}\n")
    rules = {message["ruleId"].removeprefix("@graphql-eslint/") for message in await eslint(wrong)}
    assert {"naming-convention", "require-description", "strict-id-in-types"} <= rules


async def eslint(schema: Path) -> list[dict[str, str]]:
    """What the judges say of a schema."""
    command = 'npx --no-install eslint --stdin --stdin-filename schema.graphql --format json < "$COMITY_SCHEMA"'
    something_found = "[ $? -eq 1 ]"
    shell = f"{command} || {something_found}"
    told = await said("sh", "-c", shell, folder=HERE, environment={"COMITY_SCHEMA": str(schema)})
    return [message for file in orjson.loads(told) for message in file["messages"]]


def _about(message: str, lines: list[str]) -> str:
    """What a message is about: a type, or a field of one."""
    if quoted := re.search(r'^Field "(\w+)" starts with the name of the parent type "(\w+)"', message):
        return f"{quoted[2]}.{quoted[1]}"
    if named := re.search(r'^type "(\w+)"', message):
        return named[1]
    return next(found[1] for line in reversed(lines) if (found := re.match(r"type (\w+)", line)))
