"""Opening hours as text, from the shop's settings; and which messages ask for them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import localtime
from bot.config import shop
from bot.config.settings import Settings
from support.hours import opening_hours

TOKYO = ZoneInfo("Asia/Tokyo")

ASKED = """\
営業時間を教えてください|営業時間は？|何時まで？|何時までですか|今日やってる？|今日って何時までやってる？
定休日はいつですか|土日は？|土日もやってますか|電話は何時から|電話は何時から何時までですか|日曜もやっとる？
お盆休みはいつからですか🌻|受付時間|祝日もお返事を頂けるのでしょうか。|えいぎょうじかんは
ﾃｲｷｭｳﾋﾞﾊｲﾂﾃﾞｽｶ|年末年始はやってますか|今、開いてますか？|何曜日が休みですか|お休みはいつですか
こんにちは。今日は営業していますか？|平日は何時からですか|何時から電話できますか|土曜日は？|対応時間を教えて
明日は休み？|スタッフさんは何時までいますか|夜もやってますか
お世話になります。急ぎで相談があります。今日は何時まで受け付けていますか？"""
NOT_ASKED = """\
今日届きますか|何時に届きますか|土日の配達はやってますか|図書館の開館時間を教えてください
定期便をお休みしたい|返事が来ない|今日は暑いですね|まだ返信が来ません|セールは何時からですか
何時までに注文すれば今日発送ですか|土曜の午前中に届けてほしい|営業時間と電話番号を教えてください
今日は休みだった|明日は晴れるかな|ありがとう|朝と夜どっちに塗るの|今日はお休みなのでゆっくりします
営業の電話はやめて|今日電話しました||😀"""


@pytest.mark.parametrize("words", ASKED.replace("\n", "|").split("|"))
def test_asks_for_the_hours(words: str) -> None:
    assert opening_hours.asks_for_hours(words)


@pytest.mark.parametrize("words", NOT_ASKED.replace("\n", "|").split("|"))
def test_asks_for_something_else(words: str) -> None:
    assert not opening_hours.asks_for_hours(words)


@pytest.fixture(autouse=True)
def a_shop(settings: Settings) -> Iterator[None]:
    yield
    shop.use({})


HOURS = "スタッフがお返事する時間は、月〜金曜日の10:00〜17:00です。"
LATER = "からお返事します。メッセージはいつでもお預かりできますよ😊"
SAID: list[tuple[str, dict[str, Any], list[str]]] = [
    ("2026-10-05 16:59", {}, [HOURS, "今は受付中です（本日は17:00まで）。"]),  # a Monday
    ("2026-10-05 17:00", {}, [HOURS, f"今は時間外です。次は明日10:00{LATER}"]),
    ("2026-10-03 12:00", {}, [HOURS, f"今は時間外です。次は10月5日(月)10:00{LATER}"]),
    (
        "2026-12-28 12:00",
        {"holidays": ["2026-12-30", "2026-12-31", "2027-01-01", "2027-01-04", "2027-01-11"]},
        [
            HOURS,
            "お休みの予定: 12月30日(水)〜1月4日(月)、1月11日(月)",
            "今は受付中です（本日は17:00まで）。",
        ],
    ),
    (
        "2026-11-03 12:00",  # a public holiday, a Tuesday
        {"closed_on_public_holidays": True, "weekdays": "火土", "opens": "09:30", "closes": "12:00"},
        [
            "スタッフがお返事する時間は、火・土曜日の9:30〜12:00です。",
            "祝日はお休みをいただきます。",
            f"今は時間外です。次は11月7日(土)9:30{LATER}",
        ],
    ),
    (
        "2026-11-03 12:00",
        {"weekdays": "月火水木金土日"},
        ["スタッフがお返事する時間は、毎日の10:00〜17:00です。"],
    ),
]


@pytest.mark.parametrize(("clock", "hours", "lines"), SAID)
def test_the_hours_are_said(clock: str, hours: dict[str, Any], lines: list[str]) -> None:
    shop.use({"support": {"hours": hours}})
    with localtime.fixed(datetime.fromisoformat(clock).replace(tzinfo=TOKYO)):
        said = opening_hours.answer().splitlines()
    assert said[: len(lines)] == lines


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        ("月火水木金", "月〜金曜日"),
        ("月水金", "月・水・金曜日"),
        ("土日", "土・日曜日"),
        ("月火水木金土日", "毎日"),
        ("日", "日曜日"),
    ],
)
def test_weekdays_in_words(weekdays: str, expected: str) -> None:
    assert opening_hours.weekdays_in_words(weekdays) == expected
