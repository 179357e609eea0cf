"""Decides what the owner sees of work that got stuck, and gives it another try: events and sends."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from bot import inbox, outbox
from bot.database import write_transaction
from bot.delivery import HELD, PARKED
from console.pages import console
from console.words import gettext


@console.get("/stuck")
def stuck() -> str:
    """Events whose handler gave up, sends that LINE refused, sends that wait for the month's limit."""
    return render_template(
        "console/stuck.html",
        parked_events=inbox.parked(),
        parked_sends=outbox.unsent(PARKED),
        held_sends=outbox.unsent(HELD),
    )


@console.post("/stuck/<kind>/<int:row_id>/replay")
def replay(kind: str, row_id: int) -> Response:
    """Try it again."""
    again = {"event": inbox.replay, "send": outbox.replay}.get(kind)
    if again is None:
        abort(404)
    with write_transaction():
        done = again(row_id)
    if done:
        flash(gettext("もう一度試しています。"))
    else:
        flash(gettext("すでにやり直されています。"), "error")
    return redirect(url_for("console.stuck"), 303)
