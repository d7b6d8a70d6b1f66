"""How benchmarks judge links by the truth."""

from benchmarks.judging import Promise, Truth


def test_what_scores_promise_is_set_beside_what_was_true_tenth_by_tenth():
    truth = Truth([1, 2, 3], [1, 9, 3])
    assert truth.kept([(1.0, 0, 0), (0.9, 2, 2), (0.25, 1, 1), (0.75, 0, 1)]) == [
        Promise(0.25, 0.0, 1),
        Promise(0.75, 0.0, 1),
        Promise(0.95, 1.0, 2),
    ]
