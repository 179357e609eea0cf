"""The report in words, in Japanese and English: its three sentences, and the message to the owner's own LINE.

The clock writes the message, where no reader's language is known to the page's catalogue; so both languages are here.
"""

from collections.abc import Callable

from console.figures.definition import Value
from console.reports import report as figures
from console.reports.report import Compared, Report

SECOND_PURCHASE_GOAL = 0.2
"""The lower end of the share of first-time buyers who buy again that the method names."""
FREE_SHARE_GOAL = 0.35
"""Below this share of free messages the third sentence is about them."""
FEWEST_MESSAGES = 30
"""Of fewer messages no share is said."""
ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_Pair = tuple[str, str]
"""A sentence in Japanese and in English."""


def sentences(report: Report, language: str) -> list[str]:
    """Three sentences: what was sold, who supports the shop, and what deserves attention most."""
    return [_in(language, each(report)) for each in (_sales, _supporters, _attention)]


def message(report: Report, language: str, shop_name: str, address: str) -> str:
    """The text for the owner's own LINE: the figures, three sentences, and the page's address."""
    month = month_name(report, language)
    heading = _in(language, (f"{month}のまとめ（{shop_name}）", f"{month} at {shop_name}"))
    link = _in(language, ("くわしくはこちら", "Details"))
    lines = [_in(language, each) for each in _lines(report)]
    return "\n".join([heading, "", *lines, "", *sentences(report, language), "", f"{link}\n{address}"])


def month_name(report: Report, language: str) -> str:
    """The month, such as 「2026年10月」."""
    day = report.month
    return _in(language, (f"{day.year}年{day.month}月", f"{ENGLISH_MONTHS[day.month - 1]} {day.year}"))


def _lines(report: Report) -> list[_Pair]:
    of = report.figures
    nps, supporters, messages = of[figures.NPS].now, of[figures.SUPPORTERS], of[figures.MESSAGES].now
    free, cost = _share(of[figures.FREE_SHARE].now), _yen(of[figures.MESSAGES_YEN].now)
    return [
        (f"売上 {_yen(of[figures.SALES].now)}", f"Sales {_yen(of[figures.SALES].now)}"),
        (
            f"支持者 {_count(supporters.now)}人{_change(supporters)}",
            f"Supporters {_count(supporters.now)}{_change(supporters)}",
        ),
        _pair(
            "NPS（90日）",
            "NPS (90 days)",
            lambda: _score(nps),
            is_missing=nps.is_too_few or nps.value is None,
        ),
        (
            f"紹介 参加{_count(of[figures.FRIENDS_JOINED].now)}人・購入{_count(of[figures.FRIENDS_BOUGHT].now)}人",
            f"Referrals: {_count(of[figures.FRIENDS_JOINED].now)} joined, "
            f"{_count(of[figures.FRIENDS_BOUGHT].now)} bought",
        ),
        (
            f"配信 {_count(messages)}通（無料{free}） {cost}",
            f"Messages {_count(messages)} ({free} free) {cost}",
        ),
    ]


def _sales(report: Report) -> _Pair:
    sales = report.figures[figures.SALES]
    until = ("の同じ日まで", "the same days of ") if report.is_running else ("", "")
    compared = [
        _compared(sales.now, other, ja, en)
        for other, ja, en in (
            (sales.before, f"前の月{until[0]}", f"{until[1]}the month before"),
            (sales.year_before, f"前の年の同じ月{until[0]}", f"{until[1]}the same month a year before"),
        )
        if other.value
    ]
    if not compared:
        return f"売上は{_yen(sales.now)}でした。", f"Sales were {_yen(sales.now)}."
    ja, en = ("、".join(each[0] for each in compared), " and ".join(each[1] for each in compared))
    return f"売上は{_yen(sales.now)}で、{ja}です。", f"Sales were {_yen(sales.now)}: {en}."


def _compared(now: Value, other: Value, ja: str, en: str) -> _Pair:
    percent = round(100 * (_number(now) - _number(other)) / _number(other))
    if percent == 0:
        return f"{ja}とほぼ同じ", f"about the same as {en}"
    more = percent > 0
    return (
        f"{ja}より{abs(percent)}%{'多い' if more else '少ない'}額",
        f"{abs(percent)}% {'more' if more else 'less'} than {en}",
    )


def _supporters(report: Report) -> _Pair:
    supporters, bought = report.figures[figures.SUPPORTERS], report.figures[figures.FRIENDS_BOUGHT].now
    difference = int(_number(supporters.now) - _number(supporters.before))
    ja = f"{abs(difference)}人{'ふえて' if difference > 0 else 'へって'}" if difference else "先月と変わらず"
    en = f"{abs(difference)} {'more' if difference > 0 else 'fewer'} than" if difference else "as many as"
    friends = int(_number(bought))
    return (
        f"支持者は{ja}{_count(supporters.now)}人、紹介で来てはじめて買ってくださった方は{friends}人でした。",
        f"{_count(supporters.now)} people support the shop, {en} the month before, and {friends} of those who came "
        f"by a friend's invitation bought for the first time.",
    )


def _attention(report: Report) -> _Pair:
    """The first of these that applies."""
    of = report.figures
    nps, again, free = of[figures.NPS], of[figures.SECOND_PURCHASE].now, of[figures.FREE_SHARE].now
    if _has_fallen(nps):
        return (
            f"NPSが{_signed(nps.before)}から{_signed(nps.now)}に下がりました。低い評価の理由を、回答のページで読んでみてください。",
            f"The NPS fell from {_signed(nps.before)} to {_signed(nps.now)}: please read why on the page of answers.",
        )
    if again.value is not None and not again.is_too_few and again.value < SECOND_PURCHASE_GOAL:
        return (
            f"2回目も買ってくださった方は{_share(again)}で、目安の20〜30%に届いていません。はじめての方へのステップ配信を見直してみてください。",
            f"{_share(again)} of first-time buyers bought again, short of the usual 20-30%: the flow for newcomers "
            f"deserves another reading.",
        )
    if free.value is not None and (free.count or 0) >= FEWEST_MESSAGES and free.value < FREE_SHARE_GOAL:
        return (
            f"無料で送れたのは{_share(free)}でした。待てるお知らせの期限をのばすと、返信に添えて無料で送れる分がふえます。",
            f"{_share(free)} of the messages were free: with longer deadlines more of them can go along with replies.",
        )
    if again.value is None or again.is_too_few:
        return (
            "2回目のご購入の割合は、まだ人数が少なくて言えません。",
            "There are too few buyers yet to say how many buy again.",
        )
    return (
        f"はじめての方のうち{_share(again)}が、2回目も買ってくださっています。",
        f"{_share(again)} of first-time buyers have bought again.",
    )


def _has_fallen(nps: Compared) -> bool:
    """Whether the later interval lies below the earlier score; of too few answers nothing is said."""
    now, before = nps.now, nps.before
    if now.is_too_few or before.is_too_few or now.high is None or before.value is None:
        return False
    return now.high < before.value


def _pair(ja: str, en: str, text: Callable[[], str], *, is_missing: bool) -> _Pair:
    if is_missing:
        return f"{ja} まだ回答が少なすぎます", f"{en}: too few answers yet"
    return f"{ja} {text()}", f"{en} {text()}"


def _score(nps: Value) -> str:
    if nps.low is None or nps.high is None:
        return _signed(nps)
    return f"{_signed(nps)}（{round(nps.low):+d}〜{round(nps.high):+d}）"


def _signed(value: Value) -> str:
    return f"{round(_number(value)):+d}"


def _change(compared: Compared) -> str:
    difference = int(_number(compared.now) - _number(compared.before))
    return f"（{difference:+d}）" if difference else ""


def _yen(value: Value) -> str:
    return "—" if value.value is None else f"¥{round(value.value):,}"


def _count(value: Value) -> str:
    return "—" if value.value is None else f"{round(value.value):,}"


def _share(value: Value) -> str:
    return "—" if value.value is None else f"{round(100 * value.value)}%"


def _number(value: Value) -> float:
    return value.value or 0


def _in(language: str, pair: _Pair) -> str:
    return pair[1] if language == "en" else pair[0]
