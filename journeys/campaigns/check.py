"""Finds what is wrong with a campaign before it is scheduled: its message, its audience, its time, its messages of the
month.

What one message may hold is checked as a flow's step is (`journeys/flows/check_steps.py`).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot import localtime
from bot.config import shop
from journeys.audience import faults as audience_faults
from journeys.campaigns.additions import with_points_line
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.forecast import Forecast
from journeys.flows import check_steps
from journeys.flows.check_facts import CheckFacts
from journeys.flows.definition import Step
from journeys.flows.fault import Fault, Severity
from journeys.flows.words import words
from journeys.sending import limits
from journeys.sending.settings import SendingRules

A_MOMENT = timedelta(minutes=5)
"""A time so long ago still counts as now: the page was open meanwhile."""
STOP = "配信停止"

_SENTENCES = {
    "campaign-empty": (
        "メッセージがまだありません。文章・写真・カードなどを入れてください。",
        "has no message yet. Add a text, a picture or a card.",
    ),
    "campaign-no-testimonial": (
        "掲載中のお客さまの声がまだありません。掲載してから、または声を外して送ってください。",
        "no testimonial is published yet. Publish one first, or leave it out.",
    ),
    "campaign-no-way-to-stop": (
        "ご案内（selling）に、配信の止めかたがありません。"
        "文章か shop.toml の [flow.words] stop に「配信停止」を入れてください。",
        "sells and does not say how to stop. Put 「配信停止」 into its text, "
        "or into stop of [flow.words] in shop.toml.",
    ),
    "campaign-priced-coupon": (
        "{coupon}番のクーポンは、ポイントと交換するものです。贈りものにできるクーポンを選んでください。",
        "coupon {coupon} takes points from whoever gets it. Choose one that is a gift.",
    ),
    "campaign-only-basic": (
        "ベーシックのお客さまに、ご案内（selling）は送られません。ほかのランクも選んでください。",
        "sells, and Basic customers get no offers. Choose other ranks, too.",
    ),
    "campaign-time-past": (
        "{at} はもう過ぎています。これからの時刻にするか、「いますぐ」を選んでください。",
        "{at} has passed. Use a time to come, or send it at once.",
    ),
    "campaign-quiet-hours": (
        "{at} は夜のお休みの時間です。{then} から送りはじめます。",
        "{at} is within the quiet hours. It begins at {then}.",
    ),
    "campaign-eats-budget": (
        "今月の通数が足りません（{waiting:,}通分）。送るとご案内より大切なお知らせが待つことになるため、その分は予算があくまで待ちます。",
        "the month's messages are too few: {waiting:,} of these wait until there is room, so that nothing worth more "
        "has to.",
    ),
    "campaign-nobody": (
        "あてはまるお客さまがいません。しぼりこみを見直してください。",
        "nobody matches. Look at the filters again.",
    ),
}
WARNINGS = {"campaign-quiet-hours", "campaign-eats-budget", "campaign-nobody"}


def faults(
    definition: CampaignDefinition,
    facts: CheckFacts,
    at: datetime | None = None,
    forecast: Forecast | None = None,
) -> list[Fault]:
    """What is wrong with the campaign; `at` is when it is to be sent, None for at once. With its forecast, also what
    it means for the month's messages. Those of severity ERROR keep it from being scheduled."""
    return [
        *_of_message(definition, facts),
        *_of_audience(definition),
        *_of_time(definition, at),
        *(_of_forecast(forecast) if forecast is not None else ()),
    ]


def _fault(code: str, field: str, **values: object) -> Fault:
    ja, en = (template.format(field=field, **values) for template in _SENTENCES[code])
    return Fault(None, field, code, ja, en, Severity.WARNING if code in WARNINGS else Severity.ERROR)


def _of_message(definition: CampaignDefinition, facts: CheckFacts) -> Iterator[Fault]:
    message = definition.message
    if not message.has_message and not message.buttons:
        yield _fault("campaign-empty", "text")
        return
    step = Step.model_validate({**message.model_dump(), "key": "campaign", "class": definition.class_})
    found = list(check_steps.faults(step, facts))
    if definition.points:
        longer = step.model_copy(update={"text": with_points_line(message, definition.points).text})
        known = {each.code for each in found}
        found += [each for each in check_steps.fits(longer) if each.code not in known]
    for each in found:
        if each.code == "no-testimonial":
            yield _fault("campaign-no-testimonial", "testimonial")
        else:
            yield replace(each, step_key=None)
    if message.coupon in facts.priced_coupons:
        yield _fault("campaign-priced-coupon", "coupon", coupon=message.coupon)
    said = [message.text, message.card.text if message.card else "", words().stop]
    if definition.class_ == "selling" and not any(STOP in each for each in said):
        yield _fault("campaign-no-way-to-stop", "text")


def _of_audience(definition: CampaignDefinition) -> Iterator[Fault]:
    audience = definition.audience
    if definition.class_ == "selling" and set(audience.ranks) == {"basic"}:
        yield _fault("campaign-only-basic", "ranks")
    yield from audience_faults.faults(audience)


def _of_time(definition: CampaignDefinition, at: datetime | None) -> Iterator[Fault]:
    now = localtime.now()
    if at is not None and at < now - A_MOMENT:
        yield _fault("campaign-time-past", "scheduled_at", at=_shown(at))
        return
    early = timedelta(hours=definition.early_access_hours)
    first = localtime.local(max(now, at - early) if at is not None else now)
    opens = limits.next_open(first, shop.get(SendingRules).limits())
    if opens > first:
        yield _fault("campaign-quiet-hours", "scheduled_at", at=_shown(first), then=_shown(opens))


def _of_forecast(forecast: Forecast) -> Iterator[Fault]:
    if not forecast.audience_count:
        yield _fault("campaign-nobody", "audience")
    if forecast.waiting_count:
        yield _fault("campaign-eats-budget", "audience", waiting=forecast.waiting_count)


def _shown(moment: datetime) -> str:
    return f"{localtime.local(moment):%Y-%m-%d %H:%M}"
