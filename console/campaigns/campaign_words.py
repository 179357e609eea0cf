"""Says in the reader's language what campaigns hold as keys: classes, states, reasons, choices of the form."""

from datetime import datetime, timedelta

from bot import localtime
from console.journeys import flow_words
from console.shell import pages
from console.shell.translation import N_, gettext, reads_english
from console.traces.recipient_words import RECIPIENT_STATES, reason, recipient, recipient_state
from journeys.audience import sentences
from journeys.audience.definition import Audience
from journeys.campaigns import tables
from journeys.flows import stock

__all__ = ("RECIPIENT_STATES", "reason", "recipient", "recipient_state")
"""What pages of campaigns need, beside what is defined here."""

STATES = {
    tables.DRAFT: N_("下書き"),
    tables.SCHEDULED: N_("予約済み"),
    tables.SENDING: N_("配信中"),
    tables.STOPPED: N_("停止中"),
    tables.LATE: N_("確認待ち"),
    tables.DONE: N_("終わりました"),
    tables.CANCELLED: N_("取り消し"),
}


def choices(path: str) -> dict[str, str]:
    """The choices of a field of the campaign's form by their stored value."""
    match path:
        case "class":
            return classes()
        case "when_busy":
            return {"defer": gettext("送れるまで待つ"), "skip": gettext("今回は送らない")}
        case "audience.inside_flow":
            return {"": gettext("（なし）"), **{each.key: each.name for each in stock.all_flows() if each.id}}
        case "audience.ranks":
            return flow_words.choices("rank")
        case "audience.segments":
            return flow_words.choices("segment")
        case "audience.stages":
            return flow_words.choices("stage")
    return flow_words.choices(path)


def classes() -> dict[str, str]:
    """What a campaign can be to the customer, in plain words."""
    return {
        "selling": gettext("ご案内（商品やセールのお知らせ）"),
        "care": gettext("お役立ち（使い方やお店からのお知らせ）"),
    }


def state(of: tables.Campaign) -> str:
    """How far the campaign is."""
    return gettext(STATES[of.state])


def verdict(kind: str) -> str:
    """What the comparison with the hold-out says, in a word."""
    return {
        "earns": gettext("効果あり"),
        "costs": gettext("逆効果"),
        "undecided": gettext("まだ不明"),
        "no-result": gettext("結果なし"),
    }.get(kind, gettext("比べていません"))


def when(at: datetime | None) -> str:
    """A moment on the shop's clock, with its date; at once where there is none."""
    if at is None:
        return gettext("いますぐ")
    local = localtime.local(at)
    return f"{pages.full_day(local.date())} {local:%H:%M}"


def audience(filters: Audience) -> str:
    """The filters in use, as a sentence."""
    names = {each.key: each.name for each in stock.all_flows()} if filters.inside_flow else {}
    return (sentences.english if reads_english() else sentences.japanese)(filters, names)


def duration(seconds: int) -> str:
    """About how long it takes."""
    if seconds < 60:
        return gettext("1分以内")
    return pages.lasting(timedelta(seconds=seconds + 59))
