"""The page of what came of individual contact: the sums of the last months and each customer."""

from datetime import timedelta

from flask import Blueprint, render_template, request

from bot import localtime
from console.auth import staff_accounts
from console.contacts import words as contact_words
from console.shell.translation import N_, gettext
from journeys.contacts import outcomes
from journeys.contacts.tables import BOUGHT, CONTACTED, LEFT_OUT, MISSED, NOT_NEEDED, SENDING
from support.tickets import tickets

PAGE = 40
SUMMED_DAYS = 90
VIEWS = {
    "contacted": (N_("連絡した"), (CONTACTED, SENDING)),
    "bought": (N_("自分で購入"), (BOUGHT,)),
    "not-needed": (N_("連絡しない"), (NOT_NEEDED,)),
    "missed": (N_("期限切れ"), (MISSED, LEFT_OUT)),
}


def register(console: Blueprint) -> None:
    """Add the page's URL to the console's blueprint."""
    console.get("/contacts/history")(contact_history)


def contact_history() -> str:
    """Contacted, answered, won back, missed: the sums, and the rows of one of the views."""
    view = request.args.get("view", "")
    view = view if view in VIEWS else next(iter(VIEWS))
    rows = outcomes.history(VIEWS[view][1], request.args.get("before", type=int), PAGE + 1)
    shown = rows[:PAGE]
    return render_template(
        "console/contacts/contact_history.html",
        totals=outcomes.totals(localtime.now() - timedelta(days=SUMMED_DAYS)),
        days=SUMMED_DAYS,
        view=view,
        views=[(name, gettext(words)) for name, (words, _) in VIEWS.items()],
        rows=shown,
        next_before=shown[-1].id if len(rows) > PAGE else None,
        names=staff_accounts.names(),
        chats=tickets.latest_by_customer([row.customer_id for row in shown]),
        in_words=contact_words.state,
    )
