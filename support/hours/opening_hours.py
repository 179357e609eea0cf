"""Answers when staff are there: days, hours, whether now, and when next.

`asks_for_hours` recognises the question; a FAQ answer can include the same with {hours}. The hours are set in
`settings.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import cache

from bot import localtime
from bot.config import shop
from support.hours import public_holidays, settings
from support.hours.business_hours import WEEKDAYS, Hours, in_words, is_open, next_opening
from support.hours.settings import BusinessHours
from support.hours.words import HoursWords
from support.text.bm25 import bare
from support.text.clauses import asked
from support.text.spelling import Spelling

PLACEHOLDER = "{hours}"
_AHEAD = timedelta(days=60)
_MOST_DAYS = 10
_LONGEST = 60  # letters: a longer text asks more than that

_WHEN = (
    "(?:今日|本日|明日|あした|あす|いま|今|平日|週末|土日祝?|[土日月火水木金]曜日?|祝日|祭日|休日|お?盆|年末年始|年末|正月|gw"
    "|ゴールデンウィーク|夜|朝)"
)
_DO = (
    "(?:やって|やっと|営業|開い|あい|空い|対応|受け?付け?|つなが|繋が|お?返事|返信"
    "|お?休み(?!だった|なので|だから|でした|を|して)|連絡つ|連絡でき)"
)
_ASKED = "(?:お?電話|受け?付け?|対応|サポート|問い?合わ?せ)"
_HOURS = re.compile(
    rf"(?:営業|開店|閉店|{_ASKED}の?(?:受け?付け?|対応)?)(?:可能)?の?(?:時間|日時|日(?!本))"
    r"|定休|休業日|休店日|営業して|何曜日?.{0,4}休み|(?:お?休み|休日)(?:は|って)?(?:いつ|何曜|ある)"
    rf"|何時(?:から|まで|ごろまで)?(?:の|に|は|って)?(?:から|まで)?(?:{_DO}|お?電話|かけ|います|いる|話せ|相談)"
    rf"|{_ASKED}(?:は|って|の)?.{{0,8}}何時"
    rf"|{_WHEN}(?:って|は|も|に|の|でも|とか)*(?:お?店|スタッフ(?:さん)?)?(?:って|は|も)*{_DO}"
    rf"|^(?:お店|そちら|{_WHEN})?(?:は|って)?何時(?:から|まで)(?:ですか|でしょうか|なの|や)?$"
    rf"|^{_WHEN}(?:は|も|って)(?:どう|大丈夫|いける|ok|お?休み|やすみ)?(?:ですか|でしょうか|なの)?$"
)
_OF_OTHER_THINGS = re.compile(
    "届|配達|配送|発送|出荷|荷物|再配達|到着|受け?取|注文|定期便|定期購入|セール|キャンペーン|クーポン|ポイント"
    "|店舗|実店|図書館|銀行|(?:返事|返信)が(?:来|こ)ない|まだ返"
)


def asks_for_hours(text: str) -> bool:
    """Whether the text asks for the staff's hours and nothing else."""
    found = asked(_spelling().respelt(text))
    clauses = [bare(each) for each in found.clauses or (found.whole,)]
    return all(
        len(each) <= _LONGEST and _HOURS.search(each) and not _OF_OTHER_THINGS.search(each)
        for each in clauses
    )


@cache
def _spelling() -> Spelling:
    return Spelling(["営業時間 定休日 受付 対応 何時 電話 土日 日曜 土曜 休み 返事 返信 今日"])


def answer() -> str:
    """The hours, whether staff are there now, and when they are next, in words."""
    local = localtime.local(localtime.now())
    hours, said = settings.hours(), shop.get(HoursWords)
    opens_at = next_opening(hours, local)
    if opens_at is None:
        return said.never
    lines = [
        said.hours.format(
            weekdays=weekdays_in_words(hours.weekdays), opens=_clock(hours.opens), closes=_clock(hours.closes)
        )
    ]
    if shop.get(BusinessHours).closed_on_public_holidays:
        lines.append(said.public_holidays)
    if days := days_off(hours, local.date()):
        lines.append(said.holidays.format(days="、".join(days)))
    if is_open(hours, local):
        lines.append(said.open_now.format(closes=_clock(hours.closes)))
    else:
        lines.append(said.closed_now.format(opens_at=in_words(opens_at, local)))
    return "\n".join(lines)


def weekdays_in_words(weekdays: str) -> str:
    """月〜金曜日, 月・水・金曜日, 毎日."""
    numbers = sorted({WEEKDAYS.index(day) for day in weekdays})
    if len(numbers) == len(WEEKDAYS):
        return "毎日"
    names = [WEEKDAYS[number] for number in numbers]
    in_a_row = len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1
    return f"{names[0]}〜{names[-1]}曜日" if in_a_row else f"{'・'.join(names)}曜日"


def days_off(hours: Hours, today: date) -> list[str]:
    """The shop's own holidays within 60 days, consecutive ones as a span: 8月13日(木)〜16日(日). Days on
    which it is closed anyway, and public holidays, are left out."""
    public = (
        public_holidays.from_year(today.year) if shop.get(BusinessHours).closed_on_public_holidays else ()
    )
    own = shop.get(BusinessHours).holidays
    near = sorted(
        day
        for day in set(own)
        if today <= day <= today + _AHEAD and WEEKDAYS[day.weekday()] in hours.weekdays and day not in public
    )
    return [_span(first, last) for first, last in _in_a_row(near, hours)][:_MOST_DAYS]


def _in_a_row(days: Iterable[date], hours: Hours) -> list[tuple[date, date]]:
    """Spans of days without a working day between them."""
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans:
            first, last = spans[-1]
            between = (last + timedelta(days=n) for n in range(1, (day - last).days))
            if not any(hours.works_on(each) for each in between):
                spans[-1] = (first, day)
                continue
        spans.append((day, day))
    return spans


def _span(first: date, last: date) -> str:
    begins = f"{first.month}月{first.day}日({WEEKDAYS[first.weekday()]})"
    if first == last:
        return begins
    month = "" if first.month == last.month and first.year == last.year else f"{last.month}月"
    return f"{begins}〜{month}{last.day}日({WEEKDAYS[last.weekday()]})"


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"
