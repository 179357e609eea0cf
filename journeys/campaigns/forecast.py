"""Says beforehand what a campaign comes to: how many get it, in how many calls, for how many yen, how long it
takes, and how many of the month's messages remain."""

from dataclasses import dataclass
from datetime import datetime

from bot import localtime
from bot.config import shop
from bot.line.multicast_delivery import MOST_RECIPIENTS
from journeys.audience import selection
from journeys.audience.definition import Audience
from journeys.campaigns.definition import CampaignDefinition
from journeys.flows.field_types import RANKS
from journeys.proof.settings import ProofRules
from journeys.sending import budget, budget_state
from journeys.sending.budget import Demand
from journeys.sending.message_kinds import KIND_RULES, Kind, MessageClass
from journeys.sending.settings import push_cost_yen

RECIPIENTS_A_SECOND = 1_000
"""Of the same text for all, on a small machine (docs/performance.md)."""
PUSHES_A_SECOND = 50
"""With a name filled in, each is a call of its own."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a campaign comes to. What a limit of a customer or a ticket will hold back is not known beforehand and not
    left out."""

    audience_count: int
    """Who is in the audience and can be reached."""
    held_out_count: int
    """About so many get nothing, so that its effect can be measured."""
    basic_count: int
    """Basic customers, who get no offers."""
    recipient_count: int
    """About so many get it."""
    is_multicast: bool
    """Whether the same text goes to 500 people a call; otherwise each gets a text of their own."""
    call_count: int
    yen: int
    """LINE counts each recipient, however few the calls are."""
    seconds: int
    """About how long it takes."""
    left_after: int | None
    """How many of the month's messages remain afterwards, negative when they are too few; None without a limit."""
    waiting_count: int
    """So many find no room in the month's budget beside what is worth more: they wait for a reply or for the next
    month."""


def of(definition: CampaignDefinition, now: datetime | None = None) -> Forecast:
    """The forecast of a campaign that is sent now. Reads only."""
    now = now or localtime.now()
    audience_count = selection.count(definition.audience, now)
    reachable, basic_count = audience_count, 0
    if definition.class_ == "selling":
        above = _without_basic(definition.audience)
        reachable = selection.count(above, now) if above is not None else 0
        basic_count = audience_count - reachable
    share = held_out_share(definition.holdout_percent)
    recipient_count = round(reachable * (1 - share))
    is_multicast = not definition.is_personal
    call_count = -(-recipient_count // MOST_RECIPIENTS) if is_multicast else recipient_count
    pace = RECIPIENTS_A_SECOND if is_multicast else PUSHES_A_SECOND
    left_after, waiting_count = _of_the_month(MessageClass(definition.class_), recipient_count)
    return Forecast(
        audience_count,
        round(audience_count * share),
        basic_count,
        recipient_count,
        is_multicast,
        call_count,
        recipient_count * push_cost_yen(),
        -(-recipient_count // pace),
        left_after,
        waiting_count,
    )


def held_out_share(configured: int | None) -> float:
    """About which part of an audience is held out, 0 to 1: the campaign's own, and the shop's over everything."""
    rules = shop.get(ProofRules)
    if configured == 0:
        return 0.0
    own = rules.first_percent if configured is None else configured
    return 1 - (1 - own / 100) * (1 - rules.shop_percent / 100)


def _without_basic(audience: Audience) -> Audience | None:
    """The audience without Basic customers; None when nobody is left."""
    ranks = tuple(each for each in (audience.ranks or RANKS) if each != RANKS[0])
    return audience.model_copy(update={"ranks": ranks}) if ranks else None


def _of_the_month(message_class: MessageClass, count: int) -> tuple[int | None, int]:
    """How many of the month's messages remain after so many more, and how many of them find no room."""
    month = budget_state.current()
    if month is None or month.limit_count is None:
        return None, 0
    left = month.limit_count - month.used_count
    own = budget.worth(message_class, KIND_RULES[Kind.CAMPAIGN].priority)
    before = sum(each.push_count for each in month.groups if _worth(each) >= own)
    room = max(left - month.reserved_count - before, 0)
    return left - count, max(count - room, 0)


def _worth(demand: Demand) -> int:
    return budget.worth(demand.message_class, demand.priority)
