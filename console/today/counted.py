"""Counts what the page 「きょう」 shows and what is too much to count for each view of it; cached for a large shop
(`console/figures/cache.py`). What is urgent is read when the page is opened: see `to_dos_of_customers.py`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from bot import localtime
from console.figures import cache, effects
from console.figures.catalogue import FIGURES as DEFINED
from console.figures.definition import Value
from console.today.morning import Answered, Expiring, Morning, Products, SecondPurchase
from customers.orders import ltv, second_purchases, shop_sales
from customers.products import hidden_products
from customers.values import windows
from journeys.campaigns import campaigns
from journeys.campaigns.tables import Campaign
from journeys.flows.tables import ON, Flow
from journeys.proof.results import Result
from journeys.proof.statistics.verdict import Verdict
from journeys.sending import costs
from rewards.figures import expiring_soon

MONTHS_OF_ORDERS = 3
"""So many months say what a message brings."""
ANSWER_IS_NEWS = timedelta(days=14)
"""So long after its days are over the answer of a campaign is something new."""
A_MONTH_BEFORE, NINETY_DAYS_BEFORE, SAME_DAYS_LAST_MONTH = "month", "90-days", "same-days"
SHOWN = {
    "supporters": A_MONTH_BEFORE,
    "nps-90-days": NINETY_DAYS_BEFORE,
    **{
        f"referrals-{step}-month": SAME_DAYS_LAST_MONTH
        for step in ("invited", "joined", "bought", "rewarded")
    },
    **{f"referrals-{step}": "" for step in ("invited", "joined", "bought", "rewarded")},
    "sales-month": "",
    "sales-same-days-last-month": "",
    "sales-same-days-last-year": "",
    "sales-month-linked-share": SAME_DAYS_LAST_MONTH,
    "messages-month": SAME_DAYS_LAST_MONTH,
    "messages-free-share": SAME_DAYS_LAST_MONTH,
    "messages-yen": SAME_DAYS_LAST_MONTH,
}
"""The figures of the tiles, and with which earlier day each is compared."""


def morning() -> Morning:
    """This day, with what was counted for it."""
    found, today = cache.shown(FIGURES), localtime.today()
    if found is None:
        return Morning(today)
    counted = found.counted
    second, expiring, products = (counted[name] for name in ("second_purchase", "expiring", "products"))
    return Morning(
        today=today,
        counted_at=found.counted_at,
        is_cached=found.is_cached,
        values={name: Value(**each) for name, each in counted["values"].items()},
        earlier={
            name: (date.fromisoformat(day), Value(**each)) for name, (day, each) in counted["earlier"].items()
        },
        second_purchase=second
        and SecondPurchase(**{**second, "until_on": date.fromisoformat(second["until_on"])}),
        expiring=Expiring(**{**expiring, "first_on": _day(expiring["first_on"])}),
        products=Products(**products),
        answered=tuple(Answered(**each) for each in counted["answered"]),
        yen_per_message=counted["yen_per_message"],
    )


def refresh() -> None:
    """Count again, for the clock, what a page would otherwise wait for."""
    cache.refresh(FIGURES)


def earlier_day(compared: str, on: date) -> date | None:
    """The day a figure is compared with; None where it is with none."""
    if compared == NINETY_DAYS_BEFORE:
        return on - timedelta(days=90)
    return windows.same_day_before(on, 1) if compared else None


def _count() -> Mapping[str, Any]:
    on = localtime.today()
    shown = {name: compared for name, compared in SHOWN.items() if name in DEFINED}
    days = {name: earlier_day(compared, on) for name, compared in shown.items()}
    return {
        "values": {name: asdict(DEFINED[name].count(on)) for name in shown},
        "earlier": {
            name: [day.isoformat(), asdict(DEFINED[name].count(day))]
            for name, day in days.items()
            if day is not None
        },
        "second_purchase": _second_purchase(on),
        "expiring": _expiring(on),
        "products": _products(on),
        "answered": [asdict(each) for each in _answered()],
        "yen_per_message": _yen_per_message(on),
    }


def _second_purchase(on: date) -> dict[str, Any] | None:
    found, price = second_purchases.ending(on), ltv.price_per_order(on)
    again, bought = ltv.second_purchases()
    if found is None or price is None or not bought:
        return None
    last_on = on + timedelta(days=second_purchases.DAYS_AHEAD - 1)
    return {
        "count": found.count,
        "gap_days": found.gap_days,
        "rate": again / bought,
        "order_yen": price,
        "until_on": last_on.isoformat(),
    }


def _expiring(on: date) -> dict[str, Any]:
    whose = expiring_soon.customers(on)
    count, first_on = int(whose.count()), expiring_soon.first_day(on)
    return {
        "customer_count": count,
        "year_yen": shop_sales.year_of_those(whose, on) if count else 0,
        "first_on": first_on and first_on.isoformat(),
    }


def _products(on: date) -> dict[str, Any]:
    found = hidden_products.sold_lately(on)
    year_yen = round(found.sold_yen * 365 / hidden_products.SOLD_WITHIN_DAYS)
    return {"count": found.count, "year_yen": year_yen, "only_id": found.only_id}


def _yen_per_message(on: date) -> float:
    months = [costs.of_month(windows.first_of_month(on, back)).total for back in range(MONTHS_OF_ORDERS)]
    sent = sum(each.sent_count for each in months)
    return sum(each.order_yen for each in months) / sent if sent else 0.0


def _answered() -> list[Answered]:
    figures = effects.shown()
    if figures is None:
        return []
    found: list[Answered] = []
    for flow in Flow.select().where(Flow.state == ON):
        subject = effects.of_flow(flow)
        result = effects.result_of(figures, subject)
        if result is not None and result.comparison.is_certain:
            found.append(_of_flow(subject, result))
    for campaign in Campaign.select().where(Campaign.started_at.is_null(is_null=False)):
        subject = effects.of_campaign(campaign)
        result = effects.result_of(figures, subject)
        if result is not None and result.comparison.is_certain and _is_news(campaign):
            found.append(_answer(subject, result, result.treated.count, 1.0))
    return found


def _of_flow(subject: effects.Subject, result: Result) -> Answered:
    held_out = result.percent / 100
    share = held_out if result.comparison.verdict is Verdict.EARNS else 1 - held_out
    return _answer(subject, result, round(result.per_month * 12), share)


def _answer(subject: effects.Subject, result: Result, people: int, share: float) -> Answered:
    sales = result.comparison.sales
    return Answered(
        key=subject.key,
        name=subject.name,
        endpoint=subject.endpoint,
        values=subject.values,
        verdict=str(result.comparison.verdict),
        yen_a_head=sales.estimate if sales is not None else None,
        people_a_year=people,
        share=share,
    )


def _is_news(campaign: Campaign) -> bool:
    days = campaigns.definition_of(campaign).outcome_days
    return bool(localtime.now() < campaign.started_at + timedelta(days=days) + ANSWER_IS_NEWS)


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


FIGURES = cache.Figures("today", _count)
