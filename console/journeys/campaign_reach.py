"""Whom a campaign reaches and what that costs, before it is sent: the live figures beside its form."""

from dataclasses import dataclass
from datetime import timedelta

from bot import localtime
from bot.config import shop
from bot.queue.multicasts import MOST_RECIPIENTS
from journeys.audience import selection
from journeys.campaigns.definition import CampaignDefinition
from journeys.flows.field_types import RANKS
from journeys.proof import periods
from journeys.proof.settings import ProofRules
from journeys.sending import budget_counts, budget_state
from journeys.sending.message_kinds import CLASS_RULES, MessageClass
from journeys.sending.settings import push_cost_yen

LOWEST_RANK = RANKS[0]
CALL_TAKES = timedelta(seconds=1)
"""One call after the other, each answered by LINE well within a second."""
PUSH_TAKES = timedelta(seconds=0.1)
"""Each recipient is decided, sent and recorded by itself; the worker handles more than ten a second."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Expected figures; the numbers of people held out are approximate, since each is assigned by chance."""

    audience_count: int
    """Customers who match and can be written to."""
    basic_count: int
    """Of those, of the lowest rank, who get no offers; 0 for other classes."""
    held_out_percent: int
    held_out_count: int
    call_count: int
    duration: timedelta
    yen: int
    left_count: int | None
    """What remains of the month's messages; None without a limit, or when it is not known."""

    @property
    def send_count(self) -> int:
        """Messages that will be sent."""
        return self.audience_count - self.basic_count - self.held_out_count

    @property
    def is_too_many(self) -> bool:
        """Whether the month's messages do not suffice."""
        return self.left_count is not None and self.send_count > self.left_count


def of(definition: CampaignDefinition, campaign_id: int) -> Reach:
    """The figures if it were sent now."""
    audience_count = selection.count(definition.audience)
    basic_count = _basic_count(definition)
    able_count = audience_count - basic_count
    share = _held_out_share(definition, campaign_id)
    held_out_count = round(able_count * share)
    send_count = able_count - held_out_count
    call_count = send_count if definition.fills_in_a_name else -(-send_count // MOST_RECIPIENTS)
    return Reach(
        audience_count=audience_count,
        basic_count=basic_count,
        held_out_percent=round(100 * share),
        held_out_count=held_out_count,
        call_count=call_count,
        duration=call_count * (PUSH_TAKES if definition.fills_in_a_name else CALL_TAKES),
        yen=send_count * push_cost_yen(),
        left_count=_left_count(),
    )


def _basic_count(definition: CampaignDefinition) -> int:
    """Those of the lowest rank, whom the message may not reach."""
    ranks = definition.audience.ranks
    if CLASS_RULES[MessageClass(definition.class_)].may_reach_basic or (ranks and LOWEST_RANK not in ranks):
        return 0
    return selection.count(definition.audience.model_copy(update={"ranks": (LOWEST_RANK,)}))


def _held_out_share(definition: CampaignDefinition, campaign_id: int) -> float:
    """The share of the audience that will be held out, by the campaign itself or by the shop's own hold-out."""
    if definition.holdout_percent == 0:
        return 0.0
    own = periods.percent_of(f"campaign:{campaign_id}", definition.holdout_percent)
    year = localtime.today().year
    of_shop = periods.percent_of(periods.of_shop(year), shop.get(ProofRules).shop_percent)
    return 1 - (1 - own / 100) * (1 - of_shop / 100)


def _left_count() -> int | None:
    """What remains of the month, without what is reserved for replies and for messages about orders and tickets."""
    row = budget_state.current()
    if row is None or row.limit_count is None:
        return None
    return max(row.limit_count - budget_counts.used_this_month()[1] - row.reserved_count, 0)
