"""Renders the messages of steps and campaigns for the phone beside their editors, with a made-up customer and no links
counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot import localtime
from bot.config import settings
from bot.line import messages as line
from bot.line.messages import Message
from console.shell.translation import gettext
from journeys.cards.product_cards import ShownProduct
from journeys.flows import step_messages
from journeys.flows.definition import FlowDefinition, Step
from journeys.flows.message_content import MessageContent
from journeys.flows.step_messages import ShownTestimonial, StepContent
from journeys.recommendations import history
from rewards.coupons import messages as coupon_messages
from rewards.coupons.tables import Coupon, Reward
from rewards.ledger import ledger
from surveys.testimonials.published import published
from surveys.testimonials.words import words

MOST_STEPS = 30
"""How many steps the phone shows at once."""
SAMPLE_CODE = "K7MP-4XWD-RT35"
"""A code that no coupon has: the phone shows what a customer's own would be like."""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step, or a campaign's message, on the phone."""

    title: str
    messages: Sequence[Message]
    variant: str = ""
    """Which of its messages, where there are several."""


def of_step(definition: FlowDefinition, step: Step) -> list[ShownStep]:
    """The step with its own message, then with each variant's."""
    keys = step.variants or ("",)
    return [
        ShownStep(each.title, messages(definition, each), key)
        for each, key in zip(step.each_variant(), keys, strict=True)
    ]


def of_flow(definition: FlowDefinition) -> list[ShownStep]:
    """The first steps of the flow, one below the other."""
    testimonial = _testimonial() if any(each.testimonial for each in definition.step) else None
    return [
        ShownStep(each.title, messages(definition, each, testimonial=testimonial))
        for each in definition.step[:MOST_STEPS]
    ]


def messages(
    definition: FlowDefinition, step: Step, *, name: str = "", testimonial: ShownTestimonial | None = None
) -> list[Message]:
    """The messages of the step as a customer gets them; by default one with a made-up name."""
    is_selling = definition.class_of(step) == "selling"
    return of_content(step, is_selling=is_selling, name=name, testimonial=testimonial)


def of_content(
    content: MessageContent,
    *,
    is_selling: bool,
    name: str = "",
    testimonial: ShownTestimonial | None = None,
    coupon: Message | None = None,
) -> list[Message]:
    """The messages of a step or of a campaign as a customer gets them; by default one with a made-up name. `coupon` is
    what shows the coupon, by default a card with a made-up code."""
    gifts: tuple[Message, ...] = () if coupon is None else (coupon,)
    if coupon is None and content.coupon is not None:
        gifts = _coupon(content.coupon)
    filled = StepContent(
        name=name or gettext("佐藤"),
        testimonial=(testimonial or _testimonial()) if content.testimonial else None,
        product=_product(content.recommend) if content.recommend else None,
        coupon_messages=gifts,
        selling=is_selling,
    )
    return step_messages.render(content, filled)


def _testimonial() -> ShownTestimonial:
    """The newest published testimonial, or a sentence in its place while there is none."""
    newest = next(iter(published(1)), None)
    if newest is None:
        return ShownTestimonial(gettext("（ここに、掲載中のいちばん新しいお客様の声が入ります）"), "")
    points = ledger.points_given([newest.cause]).get(newest.cause, 0)
    return ShownTestimonial(
        text=newest.body,
        author=words().who(newest.shown_name),
        picture_url=f"{settings.current().public_url}{newest.picture_path}" if newest.picture_path else "",
        disclosure=words().disclosed(points),
    )


def _product(source: str) -> ShownProduct:
    """A product of the shop as an example, or a sentence in its place while none can be recommended."""
    reason = gettext("（ここに、おひとりずつに合わせた理由が入ります）")
    found = history.first_that_can_be_shown(premium=source == "premium")
    if found is None:
        name = gettext("（ここに、おひとりずつに合う商品が入ります）")
        return ShownProduct(name, reason, settings.current().public_url)
    return ShownProduct(found.name, reason, found.url, found.picture_url, found.price_yen)


def _coupon(reward_id: int) -> tuple[Message, ...]:
    """The reward's coupon with a made-up code; nothing is issued."""
    reward = Reward.get_or_none(Reward.id == reward_id)
    if reward is None:
        return ()
    return (sample_coupon(reward, localtime.today() + timedelta(days=reward.valid_days)),)


def sample_coupon(reward: Reward, until: date) -> Message:
    """The reward's coupon with a made-up code. In the place of its QR code, which a made-up code has none of, there is
    a sentence."""
    card = coupon_messages.coupon(Coupon(id=0, reward=reward, code=SAMPLE_CODE, valid_until=until))
    body = card["contents"]["body"]
    said = line.words(
        gettext("（ここに、おひとりずつのQRコードが入ります）"), size="xs", color=line.FAINT, align="center"
    )
    body["contents"] = [said if part["type"] == "image" else part for part in body["contents"]]
    return card
