"""The lists behind the numbers of the page of referrals, each with its file."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, abort, request, url_for

from bot import localtime
from bot.db.value_lists import is_one_of
from console.figures import listing, period
from console.figures.listing import Cell, Listing, Row
from console.loyalty.referral_review import reason_in_words
from console.referrals import names
from console.referrals.page import STEPS
from console.shell.pages import full_day, yen
from console.shell.translation import gettext
from customers.people.customer import Customer
from rewards.figures import leaders, referral_counts
from rewards.figures.leaders import Place
from rewards.figures.referral_steps import Step

HERE = "referrals"


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/referrals/people")(referral_people)
    console.get("/referrals/leaders")(referral_leaders)
    console.get("/referrals/friends/<int:customer_id>")(referral_friends)
    console.get("/referrals/paid")(referral_paid)


def referral_people() -> str | Response:
    """The people of a step on the days in question."""
    name, shown = request.args.get("step", Step.JOINED.value), period.read(localtime.today())
    if name not in set(Step):
        abort(404)
    step = Step(name)

    def rows(after: str, limit: int) -> Sequence[Row]:
        found = referral_counts.page(step, shown.window, listing.key_of(after), limit)
        ids = {each.customer_id for each in found} | {each.referrer_id for each in found if each.referrer_id}
        known = names.of(ids)
        return [
            Row(
                str(each.key),
                (
                    listing.customer(each.customer_id, known.get(each.customer_id)),
                    listing.number(each.customer_id, text=str(each.customer_id)),
                    _on(each.at),
                    *(
                        (listing.number(each.shown_count),)
                        if step is Step.INVITED
                        else (
                            listing.customer(each.referrer_id, known.get(each.referrer_id or 0)),
                            Cell(names.state(each.state)),
                            Cell(reason_in_words(each.reason)),
                        )
                    ),
                ),
            )
            for each in found
        ]

    more = (
        (gettext("表示した回数"),)
        if step is Step.INVITED
        else (gettext("紹介した方"), gettext("いまの状態"), gettext("理由"))
    )
    return listing.show(
        _listing(
            f"referral-{step.value}",
            gettext(STEPS[step]),
            shown.title,
            (gettext("お客様"), gettext("お客様番号"), gettext("日付"), *more),
            rows,
        )
    )


def referral_leaders() -> str | Response:
    """Everyone who brought buyers on the days in question."""
    shown = period.read(localtime.today())

    def rows(after: str, limit: int) -> Sequence[Row]:
        found = leaders.leaders(shown.window, limit, _place(after))
        known = names.of([each.customer_id for each in found])
        return [
            Row(
                f"{each.bought_count}-{each.customer_id}",
                (
                    listing.customer(each.customer_id, known.get(each.customer_id)),
                    listing.number(each.customer_id, text=str(each.customer_id)),
                    listing.number(
                        each.bought_count,
                        url_for("console.referral_friends", customer_id=each.customer_id),
                    ),
                    listing.number(each.joined_count),
                    listing.number(each.points),
                    listing.number(each.friends_yen, text=yen(each.friends_yen)),
                ),
            )
            for each in found
        ]

    headings = (
        *(gettext("お客様"), gettext("お客様番号"), gettext("購入したお友達")),
        *(gettext("参加したお友達"), gettext("お礼のポイント"), gettext("お友達の購入額（円）")),
    )
    title = gettext("購入につながった紹介者")
    return listing.show(_listing("referral-leaders", title, shown.title, headings, rows))


def referral_friends(customer_id: int) -> str | Response:
    """All friends who joined by one customer's code."""
    referrer = Customer.get_or_none(Customer.id == customer_id) or abort(404)

    def rows(after: str, limit: int) -> Sequence[Row]:
        found = leaders.friends_of(customer_id, listing.key_of(after), limit)
        ids = [each.referee_id for each in found]
        known = {each.id: each for each in Customer.select().where(is_one_of(Customer.id, ids))}
        return [
            Row(
                str(each.id),
                (
                    listing.customer(each.referee_id, known[each.referee_id].display_name),
                    listing.number(each.referee_id, text=str(each.referee_id)),
                    _on(each.joined_at),
                    Cell(names.state(each.state)),
                    _on(each.bought_at),
                    listing.number(
                        known[each.referee_id].sales_yen, text=yen(known[each.referee_id].sales_yen)
                    ),
                    Cell(reason_in_words(each.reason)),
                ),
            )
            for each in found
        ]

    headings = (
        *(gettext("お友達"), gettext("お客様番号"), gettext("参加した日")),
        *(gettext("いまの状態"), gettext("購入が記録された日")),
        *(gettext("お買い上げ（円）"), gettext("理由")),
    )
    name = referrer.display_name or gettext("お名前未取得")
    title = gettext("%(name)sさんが紹介したお友達", name=name)
    return listing.show(
        _listing(f"referral-friends-{customer_id}", title, gettext("はじめから"), headings, rows)
    )


def referral_paid() -> str | Response:
    """Who has points for referrals of the days in question, and how many."""
    shown = period.read(localtime.today())

    def rows(after: str, limit: int) -> Sequence[Row]:
        found = leaders.paid_page(shown.window, listing.key_of(after), limit)
        known = names.of([each for each, _ in found])
        return [
            Row(
                str(each),
                (
                    listing.customer(each, known.get(each)),
                    listing.number(each, text=str(each)),
                    listing.number(points, url_for("console.points", customer_id=each)),
                ),
            )
            for each, points in found
        ]

    headings = (gettext("お客様"), gettext("お客様番号"), gettext("お礼のポイント"))
    title = gettext("紹介のお礼のポイント")
    return listing.show(_listing("referral-points", title, shown.title, headings, rows))


def _listing(name: str, title: str, lead: str, headings: Sequence[str], rows: listing.Rows) -> Listing:
    return Listing(name, title, lead, headings, rows, HERE, url_for("console.referrals"))


def _on(at: datetime | None) -> Cell:
    if at is None:
        return Cell("—", value="")
    day = localtime.local_date(at)
    return Cell(full_day(day), value=day.isoformat())


def _place(after: str) -> Place | None:
    count, _, customer_id = after.partition("-")
    if not listing.key_of(count) or not listing.key_of(customer_id):
        return None
    return Place(int(count), int(customer_id))
