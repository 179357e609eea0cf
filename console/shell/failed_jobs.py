"""Shows the owner failed jobs, events, steps of flows and sends, and retries them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from bot import notices
from bot.db.database import write_transaction
from bot.line.delivery import HELD, PARKED
from bot.queue import inbox, outbox
from console.shell import audit
from console.shell.translation import gettext, ngettext
from journeys.traces import parked


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/stuck")(failed_jobs)
    console.post("/stuck/<any(event, send, step):kind>/<int:row_id>/replay")(replay)
    console.post("/stuck/<any(event, send, step):kind>/replay")(replay_all)


def failed_jobs() -> str:
    """Events whose handler gave up, customers whose step in a flow failed, sends that LINE refused, and sends that
    wait for the monthly limit."""
    return render_template(
        "console/failed_jobs.html",
        parked_events=inbox.parked(),
        parked_steps=parked.parked(),
        parked_sends=outbox.unsent(PARKED),
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


_AGAIN = {"event": (inbox.replay, "inbox-parked"), "send": (outbox.replay, "outbox-parked")}


def _shown(kind: str) -> list[int]:
    if kind == "step":
        return [each.id for each in parked.parked()]
    return [each.id for each in (inbox.parked() if kind == "event" else outbox.unsent(PARKED))]


def _replay(kind: str, row_id: int) -> bool:
    if kind == "step":
        return parked.retry(row_id)
    again, notice = _AGAIN[kind]
    done = again(row_id)
    if done:
        notices.take_down(f"{notice}:{row_id}")
    return done
