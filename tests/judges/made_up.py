"""What schemathesis has to know of Comity: which ids there are, and which answers are in order.

It counts every error in an answer as a failure, even one that tells a client what to mend, and so says what is made up
wrong. Here an answer fails that has no such word for the client: a status of 500, no JSON, a fault of the server's own.
"""

import json
import os

import schemathesis
from hypothesis import strategies as st
from hypothesis_graphql import nodes

ANSWERED = {200, 400}
# What a client may be told that it has to mend.
MENDABLE = {"BAD_USER_INPUT", "NOT_FOUND", "FORBIDDEN", "GRAPHQL_VALIDATION_FAILED", "COST_EXCEEDED"}

_known = st.sampled_from(json.loads(os.environ["COMITY_KNOWN_IDS"]))
schemathesis.graphql.scalar("ID", st.one_of(_known, _known, _known, st.text(max_size=20)).map(nodes.String))


@schemathesis.check
def in_order(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """Hold that an answer is one that a client can live with."""
    assert response.status_code in ANSWERED, f"The status is {response.status_code}."
    answer = response.json()
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    assert codes <= MENDABLE, f"The answer has {codes - MENDABLE}."
    assert answer.get("data") is not None or codes, "The answer holds neither data nor a reason why not."
