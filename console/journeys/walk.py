"""The page that plays a flow through for one customer in simulated time, on a phone: nothing is sent or written.

What was done so far is in the address of the page, so it needs no scripts and can be opened again or passed on. What
happens when is in `journeys/walk_through/playing.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from bot import localtime
from bot.line import postbacks
from bot.line.messages import Message
from console.journeys import flow_pages, flow_preview
from console.shell.translation import gettext
from console.traces import trace_words
from customers.people.customer import Customer
from journeys.flows.definition import FlowDefinition
from journeys.flows.occurrences import Occurrence, On
from journeys.proof import assignment
from journeys.walk_through import playing, simulation_input
from journeys.walk_through.playing import SimulatedAction, SimulationInput, WalkEvent, What

MOST_ACTIONS = 60
"""What an address can hold."""
MOST_FOUND = 10
LONGEST_MINUTES = 20 * 366 * 24 * 60
TAG, CLICK, ORDER, WRITE = "tag", "click", "order", "write"


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the person at the page is, as the page's address has it."""

    customer: Customer | None
    start: datetime
    minutes: int
    """Since the start."""
    actions: tuple[str, ...]
    """`1440.tag.ok`: after so many minutes, what was done, and with what."""

    @property
    def now(self) -> datetime:
        """The simulated time."""
        return self.start + timedelta(minutes=self.minutes)

    def address(self, key: str, *, minutes: int | None = None, action: str = "") -> str:
        """The address of the page after that."""
        actions = [*self.actions, f"{self.minutes}.{action}"] if action else list(self.actions)
        return url_for(
            "console.walk_flow",
            key=key,
            customer=self.customer.id if self.customer else None,
            start=f"{localtime.local(self.start):%Y-%m-%dT%H:%M}",
            now=self.minutes if minutes is None else minutes,
            did=actions[:MOST_ACTIONS],
            _anchor="now",
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """One event with the messages it brings."""

    event: WalkEvent
    messages: Sequence[Message] = ()


def register(console: Blueprint) -> None:
    """Add the URL of this page to the console's blueprint."""
    console.get("/flows/<key>/walk")(walk_flow)


def walk_flow(key: str) -> Response:
    """The flow as it is edited, played for a customer up to the simulated time, and what would come after it."""
    found = flow_pages.found(key)
    definition = flow_pages.edited(found)
    asked = request.args.get("q", "").strip()[:100]
    matching = _matching(asked)
    walk = _walk(matching)
    made = simulation_input.of(walk.customer, definition) if walk.customer else None
    events = _play(definition, walk, made.input) if made else []
    past = [each for each in events if each.at <= walk.now]
    coming = [each for each in events if each.at > walk.now]
    page = render_template(
        "console/flow_walk.html",
        flow=found,
        definition=definition,
        walk=walk,
        asked=asked,
        matching=matching,
        is_resting=made is not None and made.is_resting,
        is_held_out=made is not None and made.is_held_out,
        past=[Shown(each, _messages(definition, each, walk)) for each in past],
        coming=coming,
        next_address=walk.address(key, minutes=_minutes(walk, coming[0].at)) if coming else None,
        actions=_actions(walk, key) if coming else [],
        tap=lambda action, step_key: _tap(walk, key, action, step_key),
        what=lambda event: what_in_words(definition, event),
        reason=trace_words.reason,
        local=localtime.local,
        start=f"{localtime.local(walk.start):%Y-%m-%dT%H:%M}",
    )
    return flow_pages.with_pictures(page)


def _matching(asked: str) -> list[Customer]:
    """Customers of that number or with that in their name, newest first; all when nothing is asked."""
    query = Customer.select().order_by(Customer.id.desc()).limit(MOST_FOUND)
    if asked.lstrip("#").isdecimal() and len(asked) < 10:
        return list(query.where(Customer.id == int(asked.lstrip("#"))))
    if asked:
        return list(query.where(Customer.display_name.contains(asked)))
    return list(query.where(Customer.line_user_id.is_null(False)).limit(1))


def _walk(newest: list[Customer]) -> Walk:
    """What the address says; whatever it says wrongly is left out."""
    customer_id = request.args.get("customer", type=int)
    customer = None
    if customer_id is not None and 0 < customer_id < 2**31:
        customer = Customer.get_or_none(Customer.id == customer_id)
    customer = customer or next(iter(newest), None)
    return Walk(
        customer,
        _moment(request.args.get("start", "")),
        min(max(request.args.get("now", 0, type=int), 0), LONGEST_MINUTES),
        tuple(each for each in request.args.getlist("did")[:MOST_ACTIONS] if _is_action(each)),
    )


def _moment(text: str) -> datetime:
    """That moment on the shop's clock; now when the text is none."""
    try:
        typed = datetime.fromisoformat(text)
        if typed.tzinfo is None and 2000 <= typed.year < 2100:
            return typed.replace(tzinfo=localtime.zone()).astimezone(UTC)
    except ValueError:
        pass
    return localtime.now().replace(second=0, microsecond=0)


def _is_action(text: str) -> bool:
    minutes, _, rest = text.partition(".")
    return minutes.isdecimal() and len(minutes) < 9 and rest.partition(".")[0] in (TAG, CLICK, ORDER, WRITE)


def _play(definition: FlowDefinition, walk: Walk, given: SimulationInput) -> list[WalkEvent]:
    actions = []
    for text in walk.actions:
        minutes, kind, value = (*text.split(".", 2), "")[:3]
        actions.append(
            SimulatedAction(
                walk.start + timedelta(minutes=int(minutes)), _occurrence(definition, kind, value)
            )
        )
    return playing.play(definition, walk.start, given, actions)


def _occurrence(definition: FlowDefinition, kind: str, value: str) -> Occurrence | None:
    if kind == TAG:
        return Occurrence(On.TAG, "walk", tag=value)
    if kind == CLICK:
        return Occurrence(On.CLICK, "walk", flow=definition.key, step=value)
    if kind == ORDER:
        asked = (definition.goal.products if definition.goal else ()) or next(
            (each.wait.products for each in definition.step if each.wait.products), ()
        )
        return Occurrence(On.ORDER, "walk", products=asked)
    return None


def _minutes(walk: Walk, moment: datetime) -> int:
    """Of the simulated time, rounded up, so that what happens then has happened."""
    return -((walk.start - moment) // timedelta(minutes=1))


def _messages(definition: FlowDefinition, event: WalkEvent, walk: Walk) -> Sequence[Message]:
    step = definition.find(event.step_key) if event.what is What.SENT and event.step_key else None
    if step is None or walk.customer is None:
        return ()
    given = assignment.foreseen_variant(definition.key, step.key, walk.customer.id, step.variants)
    return flow_preview.messages(definition, step.as_variant(given), name=walk.customer.display_name)


def _tap(walk: Walk, key: str, action: Any, step_key: str) -> str | None:
    """Where a tap on a button of that step's message leads; None for what does nothing here."""
    if action["type"] == "uri":
        return walk.address(key, action=f"{CLICK}.{step_key}")
    if action["type"] == "message":
        return walk.address(key, action=WRITE)
    if action["type"] == "postback":
        tag = postbacks.decode(action["data"]).values.get("tag")
        return walk.address(key, action=f"{TAG}.{tag}") if tag else None
    return None


def _actions(walk: Walk, key: str) -> list[tuple[str, str]]:
    """What the customer can do at any time: words and address."""
    return [
        (gettext("お買い物をした"), walk.address(key, action=ORDER)),
        (gettext("メッセージを書いた"), walk.address(key, action=WRITE)),
    ]


def what_in_words(definition: FlowDefinition, event: WalkEvent) -> str:
    """What happened, in the reader's language."""
    match event.what:
        case What.ENTERED:
            return gettext("シナリオに入る")
        case What.SENT:
            return gettext("返信に乗って届く（無料）") if event.is_free else gettext("届く")
        case What.PASSED_OVER:
            return gettext("飛ばす：%(why)s", why=trace_words.reason(event.reason))
        case What.SKIPPED:
            return gettext("送らない：%(why)s", why=trace_words.reason(event.reason))
        case What.DROPPED:
            return gettext("送るのをやめる：%(why)s", why=trace_words.reason(event.reason))
        case What.GOAL:
            return gettext("ゴール。このあとは送らない")
        case What.DONE:
            return gettext("シナリオの終わり")
    return _did_in_words(definition, event.did)


def _did_in_words(definition: FlowDefinition, did: Occurrence | None) -> str:
    if did is None:
        return gettext("メッセージを書いた")
    if did.on is On.ORDER:
        return gettext("お買い物をした")
    if did.on is On.CLICK:
        return gettext("リンクを開いた")
    labels = [
        button.label
        for step in definition.step
        for button in step.buttons
        if button.tag and button.tag == did.tag
    ]
    return gettext("「%(label)s」を押した", label=labels[0] if labels else did.tag or "")
