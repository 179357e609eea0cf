"""Makes a campaign's messages, gives the coupon and the points that go along, and answers its buttons.

The same text for all is `for_all`; a customer's own is made when it is sent (`content`). Whom it is sent to is decided
in `campaign_release.py`.
"""

from bot.db.database import savepoint
from bot.line.messages import Message
from bot.routing.events import PostbackReceived
from bot.routing.routes import Answer, Routes
from customers.people import customer as customers
from customers.people import customer_tags
from customers.people.customer import Customer
from handlers import flow_triggers, recommendations_asked, replies, step_parts
from handlers.event_customer import record_activity
from journeys.campaigns import additions, campaigns, recipients
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.tables import CANCELLED, DONE, LATE, STOPPED, Campaign
from journeys.cards.product_cards import ShownProduct
from journeys.enrolments.words import words as button_words
from journeys.flows.occurrences import Occurrence, On
from journeys.flows.step_messages import StepContent, addresses, render
from journeys.links import shared_links, short_links
from journeys.sending.release import Postponed
from journeys.sending.tables import PlannedMessage
from rewards.coupons import coupons
from rewards.coupons import messages as coupon_messages
from rewards.coupons.tables import Coupon, CouponState
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.entries import EntryKind
from rewards.ranks import customer_rank

routes = Routes()


class CannotBeGiven(Exception):
    """The coupon or the points of the campaign cannot be given to that customer."""


def for_all(campaign: Campaign, definition: CampaignDefinition) -> list[Message] | None:
    """The messages that are the same for all recipients: links shared by all, a button to one's own coupons. None
    while there is no testimonial to show."""
    subject = campaigns.subject_of(campaign.id)
    links = {url: shared_links.make(subject, url) for url in addresses(definition.message)}
    gifts = (additions.coupon_button(),) if definition.message.coupon is not None else ()
    return _render(campaign, definition, "", links, gifts)


def content(row: PlannedMessage, customer: Customer) -> list[Message] | None:
    """The messages of one customer's planned message, made now; None when it no longer applies. Raises Postponed
    while the campaign is stopped, or has to ask first because it is late."""
    campaign = campaigns.find(campaigns.id_in(row.cause) or 0)
    if campaign is None or campaign.state in (CANCELLED, DONE):
        return None
    if campaign.state in (STOPPED, LATE):
        raise Postponed(campaign.state)
    if campaigns.is_silent(campaign):
        raise Postponed(LATE)
    definition = campaigns.definition_of(campaign)
    key, recommend = campaigns.click_key(campaign.id), definition.message.recommend
    product = (
        recommendations_asked.in_message(customer, recommend, row.cause, flow_key=key)
        if recommend is not None
        else None
    )
    if (
        product is None
        and not additions.with_points_line(definition.message, definition.points).says_something_else
    ):
        return None
    try:
        coupon = give(definition, customer.id, row.cause)
    except CannotBeGiven:
        return None
    links = {
        url: short_links.make(customer.id, url, row.cause, flow_key=key)
        for url in addresses(definition.message)
    }
    gifts = (coupon_messages.coupon(coupon),) if coupon is not None else ()
    return _render(campaign, definition, customer.display_name, links, gifts, product)


def give(definition: CampaignDefinition, customer_id: int, cause: str) -> Coupon | None:
    """Give the campaign's coupon and points, once for the cause; the coupon. Raises CannotBeGiven, and gives
    neither, when one of them cannot be given, or the coupon was used or is over since."""
    with savepoint():
        coupon = None
        if definition.message.coupon is not None:
            rank = customer_rank.snapshot(customer_id).rank
            coupon = coupons.issue(customer_id, definition.message.coupon, rank, cause).coupon
            if coupon is None or coupon.state_now != CouponState.ISSUED:
                raise CannotBeGiven
        if definition.points:
            given = ledger.earn(customer_id, Action.CAMPAIGN, definition.points, cause, definition.name[:100])
            if given is not None and given.kind == EntryKind.REFUSED:
                raise CannotBeGiven
        return coupon


def settled(row: PlannedMessage) -> None:
    """A planned message of a campaign was sent, skipped or dropped: the recipient's state follows."""
    recipients.planned_settled(row)


@routes.on_postback("campaign.tag")
def tag_tapped(event: PostbackReceived) -> Answer:
    """A button of a campaign: set its tag and thank. A second tap only repeats the thanks."""
    customer = record_activity(event)
    campaign = campaigns.find(event.postback.number("campaign") or 0)
    tag = customer_tags.plain(event.postback.values.get("tag", ""))
    if campaign is None or tag not in _tags_of(campaigns.definition_of(campaign)):
        return replies.with_ways_on(button_words().unknown_button)
    cause = f"{campaigns.cause_of(campaign.id, customer.id)}:{tag}"[:255]
    customers.lock(customer.id)
    if customer_tags.add(customer.id, tag, cause):
        flow_triggers.note(customer, Occurrence(On.TAG, cause, tag=tag))
    return replies.with_ways_on(button_words().tag_received)


def _tags_of(definition: CampaignDefinition) -> set[str]:
    """The tags that the campaign's buttons set: a button's data may be forged."""
    return {customer_tags.plain(button.tag) for button in definition.message.buttons if button.tag}


def _render(
    campaign: Campaign,
    definition: CampaignDefinition,
    name: str,
    links: dict[str, str],
    gifts: tuple[Message, ...],
    product: ShownProduct | None = None,
) -> list[Message] | None:
    message = additions.with_points_line(definition.message, definition.points)
    testimonial = step_parts.newest_testimonial() if message.testimonial else None
    if message.testimonial and testimonial is None:
        return None
    return render(
        message,
        StepContent(
            name=name,
            links=links,
            testimonial=testimonial,
            product=product,
            coupon_messages=gifts,
            tag_action="campaign.tag",
            tag_values={"campaign": campaign.id},
            selling=definition.class_ == "selling",
        ),
    )
