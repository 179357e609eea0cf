"""A share with its uncertainty: wide when it rests on few answers."""

import pytest

from support.proportion import Share


@pytest.mark.parametrize(
    ("part", "of", "percent", "low", "high"),
    [(8, 10, 80, 49.0, 94.3), (0, 5, 0, 0.0, 43.4), (5, 5, 100, 56.6, 100.0), (450, 500, 90, 87.1, 92.3)],
)
def test_wilsons_interval(part: int, of: int, percent: float, low: float, high: float) -> None:
    share = Share(part, of)
    assert share.percent == percent
    assert share.interval == pytest.approx((low, high), abs=0.05)


def test_of_no_answers_nothing_is_said() -> None:
    assert (Share(0, 0).percent, Share(0, 0).interval) == (None, None)
    assert Share(0, 9).is_too_few(10) and not Share(0, 10).is_too_few(10)
