"""The definition of a flow as the owner writes it: trigger, entry, goal, and steps with waits, conditions and parts
of a message.

`flow_file.py` reads and writes it as TOML, the tables hold it as JSON, `check.py` finds faults that only the whole
shows (loops, steps nobody reaches, offers to Basic customers). Every table refuses keys it does not know.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from typing import Literal

from pydantic import Field, StrictBool, model_validator

from journeys.flows.field_types import (
    DEEPEST_ANY,
    END,
    NEEDED_BY,
    ClassName,
    Days,
    Key,
    LocalTime,
    RankName,
    Segment,
    StageName,
    Table,
    Tag,
    refusal,
)
from journeys.flows.message_content import MessageContent
from journeys.flows.occurrences import On


class Event(Table):
    """Something that happens, with what narrows it; what is left out is not asked for."""

    on: On
    nth: int | None = Field(None, ge=1, le=1000, strict=True)
    """The customer's n-th order."""
    products: tuple[str, ...] = ()
    """Orders, dispatches and deliveries with any of these product codes."""
    min_score: int | None = Field(None, ge=0, le=10, strict=True)
    max_score: int | None = Field(None, ge=0, le=10, strict=True)
    tag: Tag | None = None
    days: Days | None = None
    rank: RankName | None = None
    step: Key | None = None
    """Clicks: the step whose link was opened."""
    flow: Key | None = None
    """Clicks: the flow whose link was opened, by default this one; `campaign-3` is the campaign with that number."""

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Event:
        name = NEEDED_BY.get(self.on)
        if name and getattr(self, name) is None:
            example = f'{{ on = "{self.on}", {_EXAMPLES[name]} }}'
            raise refusal(
                f'on = "{self.on}" には {name} が要ります。例：{example}',
                f'on = "{self.on}" needs {name}, as in {example}',
            )
        return self


_EXAMPLES = {"tag": 'tag = "has-concern"', "days": "days = 30"}


class Again(Table):
    """Enters again, so many days after the customer entered last."""

    again_after_days: int = Field(ge=1, le=3650, strict=True)


class Wait(Table):
    """How long before a step. One of: days; until something happens, or so many days; a date; the product's own
    repurchase days. Days count from the step before, for the first step from the trigger."""

    days: Days = 0
    at: LocalTime | None = None
    """The shop's local time; without it, the time of day at which the days began."""
    until: On | None = None
    tag: Tag | None = None
    products: tuple[str, ...] = ()
    step: Key | None = None
    date: datetime.date | None = None
    repurchase: StrictBool = False
    """The repurchase days of the product that was bought, counted from that order, not from the step before;
    where the product has none, `days` from the step before."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Wait:
        if sum((self.until is not None, self.date is not None, self.repurchase)) > 1:
            raise refusal(
                "until・date・repurchase は、どれか1つだけ書いてください。例：{ days = 7 }",
                "one of until, date, repurchase: a wait has one end, as in { days = 7 }",
            )
        if self.until == On.TAG and self.tag is None:
            example = '{ until = "tag", tag = "has-concern", days = 3 }'
            raise refusal(
                f'until = "tag" には tag が要ります。例：{example}',
                f'until = "tag" needs tag, as in {example}',
            )
        if self.until is not None and self.days < 1:
            example = '{ until = "order", days = 14 }'
            raise refusal(
                f"until には、待つ日数の上限 days（1以上）が要ります。例：{example}",
                f"until needs days, at least 1, as in {example}",
            )
        return self


class Condition(Table):
    """All that is given must hold; `any` holds when one of its conditions does."""

    rank: RankName | None = None
    min_rank: RankName | None = None
    stage: StageName | None = None
    segment: Segment | None = None
    """By the customer's newest score."""
    min_score: int | None = Field(None, ge=0, le=10, strict=True)
    max_score: int | None = Field(None, ge=0, le=10, strict=True)
    tag: Tag | None = None
    not_tag: Tag | None = None
    clicked: Key | None = None
    """Opened the link of that step of this flow."""
    not_clicked: Key | None = None
    bought: StrictBool | None = None
    """Whether the customer bought since entering the flow."""
    bought_products: tuple[str, ...] = ()
    """Ever bought one of these."""
    not_bought_products: tuple[str, ...] = ()
    min_orders: int | None = Field(None, ge=0, le=10_000, strict=True)
    max_orders: int | None = Field(None, ge=0, le=10_000, strict=True)
    any: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _is_nested_within_reason(self) -> Condition:
        if _levels(self) > DEEPEST_ANY:
            example = 'any = [{ min_rank = "active" }, { tag = "気になる" }]'
            raise refusal(
                f"any の中の any は{DEEPEST_ANY}段までです。例：{example}",
                f"any within any goes {DEEPEST_ANY} levels deep at most, as in {example}",
            )
        return self


def _levels(condition: Condition) -> int:
    return max((1 + _levels(each) for each in condition.any), default=0)


class Variant(MessageContent):
    """Another message in place of a step's own, for a part of the customers, to see which of them brings more."""

    key: Key


OWN = "a"
"""The variant that is the step's own message."""
MOST_VARIANTS = 3


class Step(MessageContent):
    """One step: a wait, a condition, a message of up to five objects, marks on the customer, and what comes next."""

    key: Key
    name: str = Field("", max_length=40)
    """What the owner calls it in the console; customers never see it."""
    wait: Wait = Wait()
    when: Condition | None = None
    """Asked after the wait; when it does not hold, the step is passed over and `otherwise` is next."""
    otherwise: Key | None = None
    then: Key | None = None
    """The step after this one, by default the one below."""
    class_: ClassName | None = Field(None, alias="class")
    """Stricter than the flow's."""
    latest_days: int = Field(3, ge=0, le=30, strict=True)
    when_busy: Literal["defer", "skip"] = "defer"
    set_tags: tuple[Tag, ...] = ()
    remove_tags: tuple[Tag, ...] = ()
    note: str = Field("", max_length=500)
    """A note for staff on the customer."""
    variant: tuple[Variant, ...] = Field((), max_length=MOST_VARIANTS)
    """Messages in place of its own, each for the same share of the customers as the step's own, `a`."""

    @model_validator(mode="after")
    def _has_each_variant_once(self) -> Step:
        counts = Counter([OWN, *(each.key for each in self.variant)])
        twice = next((key for key, count in counts.items() if count > 1), None)
        if twice == OWN:
            raise refusal(
                'a はステップ自身の文面です。別案（variant）には別の key を書いてください。例：key = "b"',
                'a is the step\'s own message; a variant needs another key, as in key = "b"',
            )
        if twice is not None:
            raise refusal(
                f'「{twice}」という key の別案（variant）が2つあります。例：key = "{twice}-2"',
                f'two variants have the key "{twice}"; each needs its own, as in key = "{twice}-2"',
            )
        return self

    @property
    def variants(self) -> tuple[str, ...]:
        """The keys of its messages when there are several to choose from, its own first."""
        return (OWN, *(each.key for each in self.variant)) if self.variant else ()

    def find_variant(self, key: str | None) -> Variant | None:
        """The variant with that key; None when there is none, and for the step's own message."""
        return next((each for each in self.variant if each.key == key), None)

    def as_variant(self, key: str | None) -> Step:
        """The step with that variant's message in place of its own; itself where there is no such variant."""
        found = self.find_variant(key)
        if found is None:
            return self
        return self.model_copy(update={name: getattr(found, name) for name in MessageContent.model_fields})

    def each_variant(self) -> tuple[Step, ...]:
        """The step as customers can get it: with its own message, then with each variant's."""
        return (self, *(self.as_variant(each.key) for each in self.variant))

    @property
    def title(self) -> str:
        """What the console calls it."""
        return self.name or self.key

    def tags_it_sets(self) -> tuple[str, ...]:
        """The tags that the step, or a tap on one of its buttons, sets."""
        buttons = [*self.buttons, *(button for each in self.variant for button in each.buttons)]
        return (*self.set_tags, *(button.tag for button in buttons if button.tag))


class FlowDefinition(Table):
    """A whole flow."""

    key: Key
    name: str = Field(min_length=1, max_length=120)
    class_: ClassName = Field("care", alias="class")
    trigger: Event
    entry: Literal["once", "each-order"] | Again = "once"
    goal: Event | None = None
    calm_days: int = Field(3, ge=0, le=90, strict=True)
    """Held while the customer has an unresolved ticket, and for so many days more."""
    holdout_percent: int | None = Field(None, ge=0, le=90, strict=True)
    """Of those who trigger it, how many in hundred get nothing, to compare. None: automatic, as the shop's settings
    say; 0: everybody gets it, also those whom the shop-wide hold-out withholds the rest from."""
    outcome_days: int = Field(60, ge=1, le=365, strict=True)
    """Orders so many days after the trigger count for its effect."""
    step: tuple[Step, ...] = Field(min_length=1, max_length=1000)

    @model_validator(mode="after")
    def _has_each_key_once(self) -> FlowDefinition:
        keys = [step.key for step in self.step]
        twice = sorted(key for key, count in Counter(keys).items() if count > 1)
        if twice:
            raise refusal(
                f'「{twice[0]}」という key のステップが2つあります。別の key にしてください。例：key = "{twice[0]}-2"',
                f'two steps have the key "{twice[0]}"; each needs its own, as in key = "{twice[0]}-2"',
            )
        if END in keys:
            raise refusal(
                'end は「ここで終わる」という意味なので、ステップの key にはできません。例：key = "goodbye"',
                '"end" ends a flow and cannot be the key of a step, as in key = "goodbye"',
            )
        return self

    def class_of(self, step: Step) -> ClassName:
        """The step's own class, else the flow's."""
        return step.class_ or self.class_

    def find(self, key: str) -> Step | None:
        """The step with that key; None when there is none (any more)."""
        return next((step for step in self.step if step.key == key), None)

    def title_of(self, key: str) -> str:
        """What the console calls the step with that key."""
        step = self.find(key)
        return step.title if step else key

    def after(self, step: Step) -> str | None:
        """The key of the step that follows; None at the end."""
        if step.then is not None:
            return None if step.then == END else step.then
        position = [each.key for each in self.step].index(step.key) + 1
        return self.step[position].key if position < len(self.step) else None

    def after_passing(self, step: Step) -> str | None:
        """The key of the step that follows when this one is passed over."""
        if step.otherwise is not None:
            return None if step.otherwise == END else step.otherwise
        return self.after(step)


def as_json(flow: FlowDefinition) -> str:
    """The flow as the tables hold it."""
    values = flow.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(values, ensure_ascii=False)
