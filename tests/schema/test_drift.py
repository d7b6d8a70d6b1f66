"""The schema is kept beside the code: a change of it is a change that one reads."""

from pathlib import Path

import schema
from resolvers.roots import print_sdl


def test_the_committed_schema_is_the_schema():
    committed = Path(schema.__file__).with_name("schema.graphql").read_text()
    assert committed == print_sdl(), "run: make schema"
