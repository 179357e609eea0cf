"""Shows the owner failed jobs, events, steps of flows, sends and multicasts, and retries them."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from bot import notices
from bot.db.database import write_transaction
from bot.line.delivery import HELD, PARKED
from bot.queue import inbox, multicast_leases, multicasts, outbox
from console.shell import audit
from console.shell.translation import gettext, ngettext
from journeys.traces import parked


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/stuck")(failed_jobs)
    console.post("/stuck/<any(event, send, step, multicast):kind>/<int:row_id>/replay")(replay)
    console.post("/stuck/<any(event, send, step, multicast):kind>/replay")(replay_all)


def failed_jobs() -> str:
    """Events whose handler gave up, customers whose step in a flow failed, sends and multicasts that LINE refused, and
    sends that wait for the monthly limit."""
    return render_template(
        "console/failed_jobs.html",
        parked_events=inbox.parked(),
        parked_steps=parked.parked(),
        parked_sends=outbox.unsent(PARKED),
        parked_multicasts=multicasts.parked(),
        held_sends=outbox.unsent(HELD),
    )


def replay(kind: str, row_id: int) -> Response:
    """Retry one."""
    with write_transaction():
        done = _replay(kind, row_id)
    if done:
        flash(gettext("もう一度試しています。"))
    else:
        flash(gettext("すでにやり直されています。"), "error")
    return redirect(url_for("console.failed_jobs"), 303)


def replay_all(kind: str) -> Response:
    """Retry all that the page shows."""
    with write_transaction():
        count = sum(_replay(kind, row_id) for row_id in _shown(kind))
        audit.note(count=count)
    flash(ngettext("%(num)d件をもう一度試しています。", "%(num)d件をもう一度試しています。", count))
    return redirect(url_for("console.failed_jobs"), 303)


_AGAIN = {
    "event": (inbox.replay, "inbox-parked"),
    "send": (outbox.replay, "outbox-parked"),
    "multicast": (multicast_leases.replay, multicasts.PARKED_NOTICE),
}
_SHOWN: dict[str, Callable[[], Sequence[Any]]] = {
    "event": lambda: list(inbox.parked()),
    "send": lambda: outbox.unsent(PARKED),
    "step": parked.parked,
    "multicast": multicasts.parked,
}


def _shown(kind: str) -> list[int]:
    return [each.id for each in _SHOWN[kind]()]


def _replay(kind: str, row_id: int) -> bool:
    if kind == "step":
        return parked.retry(row_id)
    again, notice = _AGAIN[kind]
    done = again(row_id)
    if done:
        notices.take_down(f"{notice}:{row_id}")
    return done
