"""The figures that benchmarks/faq.py prints, against tables small enough to count by hand."""

import pytest

from benchmarks import faq

PLACES = [
    # ranked, relevant, P@1, reciprocal rank, success at 2, recall at 2
    ([7, 8, 9], {7}, 1, 1, 1, 1),
    ([7, 8, 9], {8}, 0, 1 / 2, 1, 1),
    ([7, 8, 9], {9}, 0, 1 / 3, 0, 0),
    ([7, 8, 9], {8, 9}, 0, 1 / 2, 1, 1 / 2),
    ([7, 8, 9], {1}, 0, 0, 0, 0),
    ([], {1}, 0, 0, 0, 0),
]


@pytest.mark.parametrize(("ranked", "relevant", "first", "reciprocal", "success", "recall"), PLACES)
def test_figures_of_one_query(
    ranked: list[int], relevant: set[int], first: float, reciprocal: float, success: float, recall: float
) -> None:
    assert faq.precision_at_1(ranked, relevant) == first
    assert faq.reciprocal_rank(ranked, relevant) == pytest.approx(reciprocal)
    assert faq.success_at(2, ranked, relevant) == success
    assert faq.recall_at(2, ranked, relevant) == recall


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([3, 4], [1, 2], 1.0),
        ([1, 2], [3, 4], 0.0),
        ([1, 1], [1, 1], 0.5),
        ([2, 4], [1, 3], 0.75),
        ([2, 3], [2, 1], 0.875),
        ([1, 2, 2, 3], [2], 0.5),
        ([1], [], None),
        ([], [1], None),
    ],
)
def test_auroc(positive: list[float], negative: list[float], expected: float | None) -> None:
    assert faq.auroc(positive, negative) == (None if expected is None else pytest.approx(expected))


def test_a_mean_of_nothing_is_not_zero() -> None:
    assert faq.mean([]) is None
    assert faq.mean([1, 2]) == 1.5
