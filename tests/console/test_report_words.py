"""The three sentences of a month's report, and the message to the owner's own LINE."""

from dataclasses import replace
from datetime import date

import pytest

from console.figures.definition import Value
from console.reports import report as figures
from console.reports import words
from console.reports.report import Compared, Report

NONE = Value(None)


def of(
    now: float | None, before: float | None = None, year_before: float | None = None, **more: float
) -> Compared:
    return Compared(Value(now, **more), Value(before), Value(year_before))  # type: ignore[arg-type]


OCTOBER = Report(
    date(2026, 10, 1),
    date(2026, 10, 31),
    {
        figures.SALES: of(1_120_000, 1_000_000, 1_400_000),
        figures.SUPPORTERS: of(87, 84, 20),
        figures.NPS: of(32, 30, None, low=18, high=44, count=90),
        figures.FRIENDS_JOINED: of(6),
        figures.FRIENDS_BOUGHT: of(3),
        figures.SECOND_PURCHASE: of(0.26, 0.25, part=26, count=100),
        figures.LTV: of(17_400),
        figures.MESSAGES: of(412),
        figures.FREE_SHARE: of(0.63, count=412),
        figures.MESSAGES_YEN: of(456),
    },
)


def but(**changed: Compared) -> Report:
    """October with other figures; `sales` stands for SALES, and so on."""
    return replace(
        OCTOBER, figures={**OCTOBER.figures, **{getattr(figures, k.upper()): v for k, v in changed.items()}}
    )


def test_an_ordinary_month_in_japanese() -> None:
    assert words.sentences(OCTOBER, "ja") == [
        "売上は¥1,120,000で、前の月より12%多い額、前の年の同じ月より20%少ない額です。",
        "支持者は3人ふえて87人、紹介で来てはじめて買ってくださった方は3人でした。",
        "はじめての方のうち26%が、2回目も買ってくださっています。",
    ]


def test_an_ordinary_month_in_english() -> None:
    assert words.sentences(OCTOBER, "en") == [
        "Sales were ¥1,120,000: 12% more than the month before and 20% less than the same month a year before.",
        "87 people support the shop, 3 more than the month before, and 3 of those who came by a friend's invitation "
        "bought for the first time.",
        "26% of first-time buyers have bought again.",
    ]


def test_the_first_month_is_compared_with_nothing() -> None:
    first = but(sales=of(90_000), supporters=of(4, 4))
    assert words.sentences(first, "ja")[:2] == [
        "売上は¥90,000でした。",
        "支持者は先月と変わらず4人、紹介で来てはじめて買ってくださった方は3人でした。",
    ]


FALLEN = Compared(Value(12, low=1, high=22, count=90), Value(40, count=90), NONE)


@pytest.mark.parametrize(
    ("report", "beginning"),
    [
        pytest.param(
            but(nps=FALLEN), "NPSが+40から+12に下がりました。", id="a fall beyond the interval comes first"
        ),
        pytest.param(
            but(nps=replace(FALLEN, now=replace(FALLEN.now, high=45))),
            "はじめての方のうち26%",
            id="within it: nothing",
        ),
        pytest.param(
            but(nps=replace(FALLEN, now=replace(FALLEN.now, is_too_few=True))),
            "はじめての方のうち26%",
            id="nothing is said of too few answers",
        ),
        pytest.param(
            but(second_purchase=of(0.14)), "2回目も買ってくださった方は14%で、目安の", id="second purchases"
        ),
        pytest.param(but(free_share=of(0.2, count=412)), "無料で送れたのは20%でした。", id="dear messages"),
        pytest.param(
            but(second_purchase=Compared(Value(0.5, part=1, count=2, is_too_few=True), NONE, NONE)),
            "2回目のご購入の割合は、まだ人数が少なくて言えません。",
            id="too few buyers",
        ),
    ],
)
def test_the_third_sentence_is_what_deserves_attention(report: Report, beginning: str) -> None:
    assert words.sentences(report, "ja")[2].startswith(beginning)


def test_the_message_has_figures_sentences_and_the_address() -> None:
    text = words.message(OCTOBER, "ja", "ひだまり堂", "https://example.com/console/reports/2026-10")
    assert text.splitlines()[0] == "2026年10月のまとめ（ひだまり堂）"
    for line in (
        "売上 ¥1,120,000",
        "支持者 87人（+3）",
        "NPS（90日） +32（+18〜+44）",
        "紹介 参加6人・購入3人",
        "配信 412通（無料63%） ¥456",
    ):
        assert line in text.splitlines()
    assert text.splitlines()[-1] == "https://example.com/console/reports/2026-10"


def test_of_too_few_answers_no_score_is_said() -> None:
    few = but(nps=Compared(Value(100, low=60, high=100, count=3, is_too_few=True), NONE, NONE))
    text = words.message(few, "ja", "ひだまり堂", "https://example.com")
    assert "NPS（90日） まだ回答が少なすぎます" in text
    assert "+100" not in text
