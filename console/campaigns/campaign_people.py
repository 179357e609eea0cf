"""The people of a campaign: whom a draft's audience holds now, and what became of each recipient; a file of them."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime
from bot.db.database import write_transaction
from console.campaigns import campaign_pages, campaign_words
from console.campaigns.campaign_pages import PAGE
from console.shell import csv_file
from console.shell.translation import gettext
from customers.people.customer import Customer
from journeys.audience import profiles, saved_audiences, selection
from journeys.campaigns import campaigns as engine
from journeys.campaigns import recipient_lists
from journeys.campaigns.tables import DRAFT, SCHEDULED
from journeys.flows.field_types import RANKS


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/campaigns/<int:campaign_id>/people")(campaign_people)
    console.get("/campaigns/<int:campaign_id>/recipients")(campaign_recipients)
    console.get("/campaigns/<int:campaign_id>/recipients.csv")(recipients_csv)
    console.post("/saved-audiences/<int:saved_id>/drop")(drop_audience)


def campaign_people(campaign_id: int) -> str | AnyResponse:
    """Whom the audience holds now, a page at a time, before anything is sent."""
    found = campaign_pages.found(campaign_id)
    if found.state not in (DRAFT, SCHEDULED):
        return redirect(url_for("console.campaign_recipients", campaign_id=campaign_id), 303)
    audience, after = engine.definition_of(found).audience, _after()
    page = [each.customer_id for each in selection.first(audience, PAGE + 1, after)]
    ids = page[:PAGE]
    customers = {each.id: each for each in Customer.select().where(Customer.id.in_(ids))}
    known = profiles.of_customers(ids)
    return render_template(
        "console/campaign_people.html",
        campaign=found,
        people=[(customers[each], known.get(each)) for each in ids],
        count=selection.count(audience),
        audience=campaign_words.audience(audience),
        next=ids[-1] if len(page) > PAGE else None,
        is_first=not after,
        ranks=RANKS,
        words=campaign_words,
    )


def campaign_recipients(campaign_id: int) -> str:
    """The recipients in one state, or all, a page at a time."""
    found, state = campaign_pages.found(campaign_id), request.args.get("state", "")
    if state and state not in campaign_words.RECIPIENT_STATES:
        abort(404)
    reason = request.args.get("reason")
    page = recipient_lists.page(campaign_id, PAGE + 1, after_id=_after(), state=state, reason=reason)
    return render_template(
        "console/campaign_recipients.html",
        campaign=found,
        people=page[:PAGE],
        groups=recipient_lists.groups(campaign_id),
        state=state,
        reason=reason,
        next=page[PAGE - 1].id if len(page) > PAGE else None,
        words=campaign_words,
    )


def recipients_csv(campaign_id: int) -> Response:
    """Every recipient with the state and the reason in words."""
    found = campaign_pages.found(campaign_id)
    return csv_file.answer(f"campaign-{found.id}.csv", _rows(found.id))


def drop_audience(saved_id: int) -> AnyResponse:
    """Forget a stored audience."""
    with write_transaction():
        dropped = saved_audiences.delete(saved_id)
    if dropped:
        flash(gettext("保存した宛先を消しました。"))
    campaign_id = request.form.get("campaign", type=int)
    if campaign_id is None:
        return redirect(url_for("console.campaigns"), 303)
    return redirect(url_for("console.campaign", campaign_id=campaign_id, _anchor="audience"), 303)


def _after() -> int:
    after = request.args.get("after", 0, type=int)
    return after if 0 <= after < 2**31 else 0


def _rows(campaign_id: int) -> Iterator[Sequence[object]]:
    yield "customer", "name", "state", "reason", "send_at", "settled_at", "in words"
    for each in recipient_lists.every(campaign_id):
        words = campaign_words.recipient(each.state, each.reason)
        yield (
            each.customer_id,
            each.name,
            each.state,
            each.reason,
            localtime.local(each.send_at).isoformat(timespec="seconds"),
            localtime.local(each.settled_at).isoformat(timespec="seconds") if each.settled_at else "",
            words,
        )
