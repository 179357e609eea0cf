"""Axes of charts: round steps, places, and how steps are written in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.charts import scales
from console.charts.scales import Scale
from console.charts.values import Measure


@pytest.mark.parametrize(
    ("span", "step"),
    [
        (10, 2),
        (9, 2),
        (12, 2.5),
        (13, 5),
        (100, 20),
        (1_480_000, 500_000),
        (0.33, 0.1),
        (0, 1),
        (7, 2),
        (3, 1),
    ],
)
def test_a_step_is_round_and_divides_into_five_at_most(span: float, step: float) -> None:
    assert scales.step(span) == pytest.approx(step)


@pytest.mark.parametrize(
    ("low", "high", "measure", "ticks"),
    [
        (0, 12, Measure.NUMBER, [0, 2.5, 5, 7.5, 10, 12.5]),
        (0, 3, Measure.NUMBER, [0, 1, 2, 3]),
        (0, 2, Measure.NUMBER, [0, 1, 2]),
        (0, 0.33, Measure.SHARE, [0, 0.1, 0.2, 0.3, 0.4]),
        (0, 1_480_000, Measure.YEN, [0, 500_000, 1_000_000, 1_500_000]),
        (-30_000, 50_000, Measure.YEN, [-40_000, -20_000, 0, 20_000, 40_000, 60_000]),
        (0, 1, Measure.SCORE, [-100, -50, 0, 50, 100]),
    ],
)
def test_ticks_include_zero_and_reach_over_the_values(
    low: float, high: float, measure: Measure, ticks: list[float]
) -> None:
    assert scales.ticks(low, high, measure) == pytest.approx(ticks)


@given(st.floats(-1e9, 0), st.floats(0.01, 1e9))
def test_every_value_lies_between_the_first_and_the_last_tick(low: float, high: float) -> None:
    found = scales.ticks(low, high)
    little = (found[1] - found[0]) * 1e-6
    assert found[0] <= low + little
    assert found[-1] >= high - little
    assert 0 in [round(each, 6) for each in found]
    assert len(found) <= 8


@pytest.mark.parametrize(
    ("value", "by", "measure", "japanese", "english"),
    [
        (0, 50_000, Measure.YEN, "¥0", "¥0"),
        (50_000, 50_000, Measure.YEN, "¥5万", "¥50k"),
        (15_000, 5_000, Measure.YEN, "¥1.5万", "¥15k"),
        (5_000, 5_000, Measure.YEN, "¥5,000", "¥5k"),
        (1_500_000, 500_000, Measure.YEN, "¥150万", "¥1.5M"),
        (250_000_000, 50_000_000, Measure.YEN, "¥2.5億", "¥250M"),
        (-20_000, 20_000, Measure.YEN, "-¥2万", "-¥20k"),
        (400, 100, Measure.NUMBER, "400", "400"),
        (20_000, 10_000, Measure.NUMBER, "2万", "20k"),
        (2.5, 2.5, Measure.NUMBER, "2.5", "2.5"),
        (0.2, 0.1, Measure.SHARE, "20%", "20%"),
        (0.025, 0.025, Measure.SHARE, "2.5%", "2.5%"),
        (50, 50, Measure.SCORE, "+50", "+50"),
        (-100, 50, Measure.SCORE, "-100", "-100"),
        (0, 50, Measure.SCORE, "0", "0"),
    ],
)
def test_a_tick_is_written_in_units_of_its_language(
    value: float, by: float, measure: Measure, japanese: str, english: str
) -> None:
    assert scales.tick_text(value, by, measure, in_english=False) == japanese
    assert scales.tick_text(value, by, measure, in_english=True) == english


@pytest.mark.parametrize(
    ("amount", "japanese", "english"),
    [
        (0, "¥0", "¥0"),
        (812, "¥812", "¥812"),
        (8_120, "¥8,120", "¥8.12k"),
        (81_234, "¥8.12万", "¥81.2k"),
        (1_012_000, "¥101万", "¥1.01M"),
        (123_456_789, "¥1.23億", "¥123M"),
        (-640_000, "-¥64万", "-¥640k"),
    ],
)
def test_an_amount_above_a_column_has_three_digits(amount: int, japanese: str, english: str) -> None:
    assert scales.short_yen(amount, in_english=False) == japanese
    assert scales.short_yen(amount, in_english=True) == english


@pytest.mark.parametrize(
    ("value", "place"), [(0, 200), (50, 100), (100, 0), (-10, 200), (1_000, 0)], ids=lambda each: str(each)
)
def test_values_outside_the_axis_are_put_on_its_edge(value: float, place: float) -> None:
    assert Scale(0, 100, 200, 0).place(value) == place


def test_an_axis_without_a_span_has_one_place() -> None:
    assert Scale(5, 5, 10, 90).place(5) == 10


@pytest.mark.parametrize(
    ("values", "measure", "span"),
    [
        ([], Measure.NUMBER, (0, 1)),
        ([None, 3], Measure.NUMBER, (0, 3)),
        ([-4, -2], Measure.NUMBER, (-4, 0)),
        ([float("nan"), float("inf"), 2], Measure.NUMBER, (0, 2)),
        ([30], Measure.SCORE, (-100, 100)),
    ],
)
def test_an_axis_begins_at_zero(
    values: list[float | None], measure: Measure, span: tuple[float, float]
) -> None:
    assert scales.span(values, measure) == span
