"""How a sender's pairs stand beside each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.matching.scoring import Scores
from sharing.matching.standing import standing

_PROBABILITIES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans()), min_size=1, max_size=6)


def _stand(pairs, senders=1, left=None):
    same, again, counted = (np.array(column) for column in zip(*pairs, strict=True))
    places = np.zeros(len(pairs), np.int64) if left is None else np.array(left)
    return standing(senders, places, Scores(same, np.minimum(again, same), np.zeros((len(pairs), 5))), counted)


def test_who_stands_alone_is_as_likely_as_by_himself():
    found = _stand([(0.83, 0.2, True)])
    assert found.likely.tolist() == [pytest.approx(0.83, abs=1e-6)]
    assert found.alone.tolist() == [pytest.approx(0.83, abs=1e-6)]


def test_two_who_cannot_both_be_it_share_what_one_would_have():
    found = _stand([(0.9, 0.0, True), (0.9, 0.0, True)])
    assert found.likely.tolist() == [pytest.approx(9 / 19, abs=1e-6)] * 2
    assert found.anyone.tolist() == [pytest.approx(18 / 19)]


def test_two_profiles_of_one_person_are_both_likely():
    found = _stand([(0.9999, 0.99, True), (0.9999, 0.99, True)])
    assert (found.likely > 0.99).all()
    assert (found.alone < 0.51).all()


def test_a_believable_twin_is_not_likely_where_the_brother_is_there():
    found = _stand([(0.99999, 0.99, True), (0.9, 0.02, True)])
    assert found.likely[0] > 0.9999
    assert found.likely[1] < 0.03


def test_names_alone_make_nobody_else_less_likely():
    beside, alone = _stand([(0.95, 0.1, True), (0.99, 0.1, False)]), _stand([(0.95, 0.1, True)])
    assert beside.likely[0] == alone.likely[0]
    assert beside.likely[1] < 0.99


@given(_PROBABILITIES)
def test_no_pair_is_likelier_than_by_itself_and_all_readings_together_are_certain(pairs):
    found = _stand(pairs)
    same, counted = np.array([pair[0] for pair in pairs]), np.array([pair[2] for pair in pairs])
    assert ((found.likely >= 0) & (found.likely <= np.minimum(same, 1) + 1e-6)).all()
    assert found.alone[counted].sum() == pytest.approx(found.anyone[0], abs=1e-9)


@given(_PROBABILITIES, _PROBABILITIES)
def test_a_sender_stands_as_if_nobody_else_were_asked_for(one, other):
    together = _stand(one + other, 2, [0] * len(one) + [1] * len(other))
    apart = [_stand(one), _stand(other)]
    assert together.likely.tolist() == [*apart[0].likely, *apart[1].likely]
    assert together.anyone.tolist() == [*apart[0].anyone, *apart[1].anyone]
