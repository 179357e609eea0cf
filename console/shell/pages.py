"""Template helpers of every page: versioned URLs of static files, and formatting of times, amounts and lines."""

import hashlib
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from flask import url_for
from flask_babel import format_date
from markupsafe import Markup

from bot import localtime
from console.shell.translation import gettext, ngettext
from support.transcript.transcript import Line

STATIC = Path(__file__).resolve().parent.parent / "static"


@cache
def _stamp_of(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:12]


def asset(filename: str) -> str:
    """The URL of a static file; it changes with the content, so that browsers may cache it forever."""
    return url_for("console.static", filename=filename, v=_stamp_of(filename))


def moment(at: datetime | None, shape: str = "auto") -> Markup:
    """A moment on the shop's clock: the time if it is today, else the date."""
    if at is None:
        return Markup("")
    local = localtime.local(at)
    if shape == "auto":
        shape = _shape_of(local)
    words = {
        "time": local.strftime("%H:%M"),
        "day": format_date(local.date(), gettext("M月d日"), rebase=False),
        "full": f"{full_day(local.date())} {local:%H:%M}",
        "date": full_day(local.date()),
        "coming": _coming(local),
    }[shape]
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        local.isoformat(timespec="seconds"), local.strftime("%Y-%m-%d %H:%M"), words
    )


def _coming(local: datetime) -> str:
    """A moment in the future: the time if it is today, else date and time."""
    hour = local.strftime("%H:%M")
    if local.date() == localtime.today():
        return hour
    return f"{format_date(local.date(), gettext('M月d日(E)'), rebase=False)} {hour}"


def _shape_of(local: datetime) -> str:
    today = localtime.today()
    if local.date() == today:
        return "time"
    return "day" if local.year == today.year else "date"


def waited(since: datetime) -> str:
    """How long ago that was."""
    return lasting(localtime.now() - since)


def lasting(time: timedelta) -> str:
    """A duration, in the coarsest unit that is precise enough."""
    minutes = int(time / timedelta(minutes=1))
    if minutes < 1:
        return gettext("たった今")
    if minutes < 60:
        return ngettext("%(num)d分", "%(num)d分", minutes)
    if minutes < 60 * 24:
        return ngettext("%(num)d時間", "%(num)d時間", minutes // 60)
    return ngettext("%(num)d日", "%(num)d日", minutes // (60 * 24))


def hours_and_minutes(time: timedelta) -> str:
    """A duration to the minute, such as staff's working time before an answer."""
    hours, minutes = divmod(round(time / timedelta(minutes=1)), 60)
    if not hours:
        return ngettext("%(num)d分", "%(num)d分", minutes)
    if not minutes:
        return ngettext("%(num)d時間", "%(num)d時間", hours)
    return gettext("%(hours)d時間%(minutes)d分", hours=hours, minutes=minutes)


def day_heading(day: date) -> str:
    """The heading of a day in a chat."""
    if day == localtime.today():
        return gettext("今日")
    return str(format_date(day, gettext("M月d日(E)"), rebase=False))


def full_day(day: date) -> str:
    """A date with its year."""
    return str(format_date(day, gettext("y年M月d日"), rebase=False))


def month_of_year(month: date) -> str:
    """A month with its year."""
    return str(format_date(month, gettext("y年M月"), rebase=False))


def month_name(month: date) -> str:
    """A month in a chart, without its year."""
    return str(format_date(month, "LLL", rebase=False))


def yen(amount: int) -> str:
    """An amount in yen."""
    return f"¥{amount:,}"


def line_words(line: Line) -> str:
    """The text of a chat line: a person's own words as they are, an event in the reader's language."""
    match line.kind:
        case "followed":
            return gettext("友だち追加")
        case "blocked":
            return gettext("ブロック")
        case "unsent":
            return gettext("メッセージの送信を取り消しました")
        case "edited":
            return gettext("メッセージを編集しました")
        case "image":
            return gettext("写真")
        case "video":
            return gettext("動画")
        case "audio":
            return gettext("音声")
        case "other":
            return gettext("この画面では表示できないメッセージ")
        case "sticker":
            return line.text.replace("スタンプ", gettext("スタンプ"), 1)
        case "location":
            return line.text.replace("位置情報", gettext("位置情報"), 1)
        case "file":
            return line.text.replace("ファイル", gettext("ファイル"), 1)
        case _:
            return line.text
