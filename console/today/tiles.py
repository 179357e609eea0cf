"""The tiles of the page 「きょう」: each with its change and since when, and the names of the figures in it, whose
definitions and people are linked. What is counted is in `console/figures/definitions/today.py`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import format_date

from bot import localtime
from bot.queue import month_quota
from console.catalogue import catalogue
from console.figures import wording
from console.figures.definition import Unit, Value
from console.figures.definitions.today import TRIBE, oldest_wait_hours
from console.shell.pages import moment
from console.shell.pages import yen as in_yen
from console.shell.translation import N_, gettext, ngettext
from console.today import changes
from console.today.counted import SAME_DAYS_LAST_MONTH, SHOWN
from console.today.morning import Morning
from support.tickets import waiting_tickets

DASH = "—"
STEPS = {
    "invited": N_("案内"),
    "joined": N_("参加"),
    "bought": N_("購入"),
    "rewarded": N_("お礼"),
}
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A line below the figure: a label, and what it says; with `href`, a link to its list."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, what belongs to it, and how it has changed."""

    key: str
    title: str
    figure: str
    href: str
    unit: str = ""
    rows: tuple[Row, ...] = ()
    names: tuple[str, ...] = ()
    """The figures whose definitions are shown with it."""
    part: tuple[int, int] | None = None
    """How much of how much, for a bar."""


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """A step of the referrals: this month, its change, and since the beginning; each with its list."""

    name: str
    """Of the month's figure."""
    words: str
    month: str
    month_href: str
    change: str
    total: str
    total_href: str


def day_words(day: date) -> str:
    """A day of this year, as people say it."""
    return str(format_date(day, gettext("M月d日"), rebase=False))


def of(morning: Morning) -> list[Tile]:
    """The tiles, in their order."""
    if morning.counted_at is None:
        return [_waiting()]
    nps = [_nps(morning)] if "nps-90-days" in morning.values else []
    return [_supporters(morning), *nps, _sales(morning), _waiting(), _messages(morning)]


def funnel(morning: Morning) -> list[FunnelRow]:
    """The referrals of this month and of all time, step by step."""
    rows = []
    for step, words in STEPS.items():
        name, total = f"referral-{step}-this-month", f"referral-{step}"
        if name not in morning.values:
            continue
        now = morning.values[name]
        rows.append(
            FunnelRow(
                name,
                gettext(words),
                _people(now),
                _list(name),
                _since(morning, name),
                _people(morning.values[total]),
                _list(total),
            )
        )
    return rows


def _supporters(morning: Morning) -> Tile:
    count = int(morning.values["supporters"].value or 0)
    return Tile(
        "supporters",
        gettext("届く支持者"),
        f"{count:,}",
        _list("supporters"),
        gettext("人 / %(goal)d人", goal=TRIBE),
        (Row("", _since(morning, "supporters")),),
        ("supporters",),
        (min(count, TRIBE), TRIBE),
    )


def _nps(morning: Morning) -> Tile:
    now, name = morning.values["nps-90-days"], "nps-90-days"
    title, answers = gettext("NPS（この90日）"), now.count or 0
    if now.value is None or now.is_too_few:
        few = gettext("回答%(count)d件。まだ少なすぎて、上がり下がりは読めません。", count=answers)
        return Tile("nps", title, DASH, _list(name), "", (Row("", few),), (name,))
    rows = [Row("", ngettext("回答%(num)d件", "回答%(num)d件", answers))]
    if now.low is not None and now.high is not None:
        interval = f"{_score(now.low)} 〜 {_score(now.high)}"
        rows.insert(0, Row(gettext("95％の幅"), interval))
    rows.append(Row(gettext("前の90日"), _before(morning, name)))
    return Tile("nps", title, _score(now.value), _list(name), "", tuple(rows), (name,))


def _before(morning: Morning, name: str) -> str:
    _, before = morning.earlier[name]
    if before.value is None or before.is_too_few:
        return gettext("回答%(count)d件（少なすぎます）", count=before.count or 0)
    return _score(before.value)


def _sales(morning: Morning) -> Tile:
    now = morning.values["sales-month"]
    share = morning.values["sales-month-linked-share"]
    return Tile(
        "sales",
        gettext("今月の売上（%(day)sまで）", day=day_words(morning.today)),
        in_yen(int(now.value or 0)),
        _list("sales-month"),
        ngettext("ご注文%(num)d件", "ご注文%(num)d件", now.count or 0),
        (
            _compared(morning, "sales-same-days-last-month", gettext("先月の同じ日まで")),
            _compared(morning, "sales-same-days-last-year", gettext("去年の同じ日まで")),
            Row(gettext("LINEにつながっている分"), _share(share), _list("sales-month-linked-share")),
        ),
        (
            "sales-month",
            "sales-same-days-last-month",
            "sales-same-days-last-year",
            "sales-month-linked-share",
        ),
    )


def _compared(morning: Morning, name: str, label: str) -> Row:
    now, before = (int(morning.values[each].value or 0) for each in ("sales-month", name))
    # On the first of a month, the hours of one morning would be compared with a whole day.
    percent = changes.percent(now, before) if morning.today.day > 1 else None
    text = in_yen(before) if percent is None else f"{in_yen(before)} → {percent}"
    return Row(label, text, _list(name))


def _waiting() -> Tile:
    """Read now, never cached."""
    waiting = waiting_tickets.waiting()
    since = localtime.now() - A_DAY
    new_count = waiting_tickets.waiting_since(since)
    words = ngettext(
        "24時間以内に待ちはじめた方 %(num)d件", "24時間以内に待ちはじめた方 %(num)d件", new_count
    )
    rows = [Row("", words)] if waiting.count else []
    hours = oldest_wait_hours()
    if hours is not None:
        text = gettext("%(time)s（営業時間）", time=_hours(hours))
        rows.append(Row(gettext("いちばん長い方"), text, _list("oldest-wait")))
    if promised := waiting_tickets.promised_by(localtime.now() + 365 * A_DAY, 1):
        due = promised[0].answer_due_at
        is_late = due is not None and due < localtime.now()
        late = gettext("（過ぎています）") if is_late else ""
        rows.append(Row(gettext("いちばん早い約束"), f"{moment(due, 'coming').striptags()}{late}"))
    return Tile(
        "waiting",
        gettext("お返事待ち"),
        f"{waiting.count:,}",
        url_for("console.tickets", view="waiting"),
        gettext("件"),
        tuple(rows),
        ("chats-waiting", "oldest-wait"),
    )


def _messages(morning: Morning) -> Tile:
    count = morning.values["messages-month"]
    return Tile(
        "messages",
        gettext("今月送ったメッセージ"),
        f"{int(count.value or 0):,}",
        url_for("console.messages"),
        gettext("通"),
        (
            Row("", _since(morning, "messages-month")),
            Row(
                gettext("費用なしで送れた割合"),
                _share(morning.values["messages-free-share"]),
                _list("messages-free-share"),
            ),
            Row(
                gettext("送信費用"),
                in_yen(int(morning.values["messages-yen"].value or 0)),
                _list("messages-yen"),
            ),
            Row(
                gettext("今月あと送れる数"),
                _left(),
                _list("quota-left"),
            ),
        ),
        ("messages-month", "messages-free-share", "messages-yen", "quota-left"),
    )


def _left() -> str:
    """Read now, never cached."""
    month, left = month_quota.this_month(), month_quota.left()
    if left is not None:
        return ngettext("%(num)d通", "%(num)d通", left)
    return gettext("LINEの答え待ち") if month is None else gettext("上限なし")


def _since(morning: Morning, name: str) -> str:
    """The change since the day it is compared with: 「10月31日から +3」; for what counts the days of a month, since the
    same days of the month before."""
    day, before = morning.earlier[name]
    unit = catalogue.FIGURES[name].unit
    change = wording.of_reader().change(morning.values[name].value or 0, before.value or 0, unit)
    if SHOWN[name] == SAME_DAYS_LAST_MONTH:
        return gettext("先月の同じ日までより %(change)s", change=change)
    return gettext("%(day)sから %(change)s", day=day_words(day), change=change)


def _share(value: Value) -> str:
    return DASH if value.value is None else f"{value.value * 100:.0f}%"


def _score(value: float) -> str:
    return wording.of_reader().amount(value, Unit.SCORE)


def _people(value: Value) -> str:
    return f"{int(value.value or 0):,}"


def _hours(hours: float) -> str:
    minutes = round(hours * 60)
    return gettext("%(hours)d時間%(minutes)d分", hours=minutes // 60, minutes=minutes % 60)


def _list(name: str) -> str:
    """The page of a figure, with its people."""
    return url_for("console.figure", name=name)
