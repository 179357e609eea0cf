"""Finds what is wrong with what one step says: unfinished, empty, too long, placeholders, addresses, coupons."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.line import message_limits
from bot.line import messages as line
from journeys.cards.product_cards import ShownProduct
from journeys.flows import step_messages
from journeys.flows.check_facts import CheckFacts
from journeys.flows.definition import Step, Variant
from journeys.flows.fault import Fault, fault, hints, of_variant
from journeys.flows.step_messages import PLACEHOLDERS, ShownTestimonial, StepContent
from journeys.flows.words import words

LONG_NAME = "名" * 20
"""As long as a name on LINE can be."""
MOST_MESSAGES = 4
"""One less than LINE takes in a call, so that a step still goes along with something else."""
_IN_BRACES = re.compile(rf"[{{｛][ 　]*(?:(\w{{1,30}})[ 　]*[}}｝]|({'|'.join(PLACEHOLDERS)}))")
"""Something in braces, or a placeholder whose second brace is missing."""
_EXAMPLE_HOSTS = re.compile(
    r"(^|\.)(example|test|invalid|localhost)$|(^|\.)example\.(com|net|org|jp|co\.jp|ne\.jp)$", re.IGNORECASE
)


def faults(step: Step, facts: CheckFacts) -> Iterator[Fault]:
    """What is wrong with the step's own parts and with those of its variants."""
    yield from _finished(step)
    yield from _message(step, facts)
    if step.variant and not step.has_message:
        yield fault("variant-alone", step.key, "variant")
    for each in step.variant:
        yield from (of_variant(found, each.key) for found in _variant(step, each, facts))


def _variant(step: Step, variant: Variant, facts: CheckFacts) -> Iterator[Fault]:
    as_sent = step.as_variant(variant.key)
    if not variant.has_message:
        yield fault("empty-variant", step.key, "key")
    else:
        yield from _finished(as_sent)
        if as_sent == step:
            yield fault("same-variant", step.key, "key")
    yield from _message(as_sent, facts)


def _message(step: Step, facts: CheckFacts) -> Iterator[Fault]:
    yield from fits(step)
    for field, text in _filled_texts(step):
        for found in _IN_BRACES.finditer(text):
            if found[0] not in [f"{{{name}}}" for name in PLACEHOLDERS]:
                meant = hints(found[1] or found[2], PLACEHOLDERS)
                yield fault("unknown-placeholder", step.key, field, written=found[0], **meant)
    for field, text in _bare_texts(step):
        for found in _IN_BRACES.finditer(text):
            yield fault("placeholder-not-here", step.key, field, name=found[1] or found[2])
    for field, url in _addresses(step):
        if not facts.is_demo and _EXAMPLE_HOSTS.search(urlsplit(url).hostname or ""):
            yield fault("example-address", step.key, field, url=url)
    if step.coupon is not None and facts.coupons is not None and not facts.coupons.get(step.coupon):
        known = sorted(coupon for coupon, given in facts.coupons.items() if given)
        listed = ", ".join(str(each) for each in known[:10])
        if step.coupon in facts.coupons:
            yield fault("stopped-coupon", step.key, "coupon", coupon=step.coupon)
        else:
            ja, en = (
                (f"（いまお渡しできるもの：{listed}）", f"Those that can be given: {listed}.")
                if known
                else ("", "")
            )
            yield fault("unknown-coupon", step.key, "coupon", coupon=step.coupon, known_ja=ja, known_en=en)
    if step.testimonial is not None and facts.has_testimonial is False:
        yield fault("no-testimonial", step.key, "testimonial")
    if (
        step.recommend is not None
        and facts.can_recommend is not None
        and not facts.can_recommend[step.recommend]
    ):
        yield fault(f"no-{step.recommend}-product", step.key, "recommend")


def _finished(step: Step) -> Iterator[Fault]:
    if step.has_message:
        if step.text and not step_messages.fill_in(step.text, "").strip():
            yield fault("empty-text", step.key, "text")
        if step.card is not None and not (step.card.title + step.card.text).strip() and not step.card.picture:
            yield fault("empty-text", step.key, "card")
    elif step.buttons:
        yield fault("buttons-alone", step.key, "buttons")
    elif not (step.set_tags or step.remove_tags or step.note or _only_branches(step)):
        yield fault("unfinished", step.key, "text")


def _only_branches(step: Step) -> bool:
    return step.when is not None and (step.then or step.otherwise) is not None


def fits(step: Step) -> Iterator[Fault]:
    """Whether it is too long, or in too many parts, for one call of LINE."""
    length = line.units(step_messages.fill_in(step.text, LONG_NAME))
    longest = message_limits.TEXT - line.units(words().stop) - 2
    if length > longest:
        yield fault("too-long", step.key, "text", length=length, longest=longest)
    coupons = ({"type": "text", "text": "…"},) if step.coupon is not None else ()
    testimonial = ShownTestimonial("…", "…") if step.testimonial else None
    sells = step.class_ == "selling"
    product = ShownProduct("…", "…", "https://shop.example/") if step.recommend else None
    content = StepContent(
        LONG_NAME, testimonial=testimonial, product=product, coupon_messages=coupons, selling=sells
    )
    count = len(step_messages.render(step, content))
    if count > MOST_MESSAGES:
        yield fault("too-many-parts", step.key, "text", count=count, most=MOST_MESSAGES)


def _filled_texts(step: Step) -> Iterator[tuple[str, str]]:
    yield "text", step.text
    if step.card is not None:
        yield "card", step.card.title
        yield "card", step.card.text


def _bare_texts(step: Step) -> Iterator[tuple[str, str]]:
    for button in step.buttons:
        yield "buttons", button.label
        yield "buttons", button.say or ""
    for field, link in (("link", step.link), ("video", step.video)):
        if link is not None:
            yield field, link.label


def _addresses(step: Step) -> Iterator[tuple[str, str]]:
    if step.picture:
        yield "picture", step.picture
    if step.card is not None and step.card.picture:
        yield "card", step.card.picture
    for field, link in (("link", step.link), ("video", step.video)):
        if link is not None:
            yield field, link.url
    for button in step.buttons:
        if button.url:
            yield "buttons", button.url
