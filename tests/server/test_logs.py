"""What logs hold, and what they must not."""

import io
import json
import logging

import pytest
import structlog

from server import logs


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _restored():
    root = logging.root
    handlers, level, access = root.handlers, root.level, logging.getLogger("uvicorn.access").filters
    yield
    root.handlers, root.level = handlers, level
    logging.getLogger("uvicorn.access").filters = access
    structlog.reset_defaults()


def logged(write, stream=None, level="info"):
    stream = stream or io.StringIO()
    logs.configure(level, stream=stream)
    write()
    return stream.getvalue()


def test_a_line_is_json_outside_of_a_terminal():
    line = logged(lambda: structlog.get_logger("comity.x").info("done", run="r", rows=3))
    entry = json.loads(line)
    assert entry.pop("timestamp").endswith("Z")
    assert entry == {"event": "done", "level": "info", "logger": "comity.x", "rows": 3, "run": "r"}


def test_a_line_is_for_people_in_a_terminal():
    line = logged(lambda: structlog.get_logger("comity.x").info("done"), Terminal())
    assert "done" in line
    assert not line.startswith("{")


def test_libraries_log_the_same_way():
    entry = json.loads(logged(lambda: logging.getLogger("arq").warning("lost %s", "it")))
    assert (entry["event"], entry["logger"]) == ("lost it", "arq")


def test_less_than_the_level_is_not_logged():
    assert logged(lambda: structlog.get_logger("comity.x").info("done"), level="warning") == ""


@pytest.mark.parametrize("name", sorted(logs.PRIVATE_FIELDS))
def test_private_fields_are_removed_wherever_they_are(name):
    line = logged(lambda: structlog.get_logger().info("asked", **{name: "hunter2"}, inner=[{name: "hunter2"}]))
    assert "hunter2" not in line
    assert logs.REMOVED in line


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail to ann.lee+x@example.org bounced", "mail to [removed] bounced"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [removed]"),
        ("token eyJhbGciOi.eyJzdWIi.c2ln here", "token [removed] here"),
        ("postgres://comity:hunter2@db/comity", "postgres://[removed]@db/comity"),
        ("duplicate key\nDETAIL:  Key (email)=(a) already exists.", "duplicate key\n"),
        ('no such field\n\nGraphQL request:1:3\n1 | { person(name: "Ann") }', "no such field"),
        ("nothing to hide: 12:30 at http://localhost:8000/x", "nothing to hide: 12:30 at http://localhost:8000/x"),
    ],
)
def test_private_text_is_cut_out(text, left):
    assert logs.scrub(text) == left


def test_an_error_is_logged_without_values():
    def fail():
        word = "hunter2"
        try:
            raise ValueError(f"duplicate\nDETAIL:  Key (name)=({word})")
        except ValueError:
            structlog.get_logger().exception("failed")

    line = logged(fail)
    assert "ValueError: duplicate" in line
    assert "hunter2" not in line


def test_access_is_logged_without_who_and_what_for():
    def access():
        arguments = ("203.0.113.9:55", "GET", "/graphql?query={viewer}", "1.1", 200)
        logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', *arguments)

    assert json.loads(logged(access))["event"] == "GET /graphql 200"
