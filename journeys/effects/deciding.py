"""Ends the period of an automatic hold-out when its effect is certain, and pauses flows that certainly cost more than
the owner's floor, where the owner wants that. Called daily (`handlers/proof_jobs.py`).
"""

from bot import notices
from bot.config import shop
from bot.db.database import write_transaction
from bot.notices import notice_text
from journeys.effects import flow_effects
from journeys.flows import stock
from journeys.flows.tables import ON, Flow
from journeys.proof import periods, results
from journeys.proof.settings import ProofRules
from journeys.proof.statistics.values import Interval


def decide_flows() -> int:
    """Decide about every flow that is on; how many periods ended. Each is counted outside of a transaction."""
    return sum(_decide(flow) for flow in stock.flows_in(ON))


def costs_too_much(sales: Interval, rules: ProofRules) -> bool:
    """Whether even the most that the flow may earn a head is below the owner's floor, and it may pause by itself."""
    return rules.pauses_by_itself and sales.high < rules.floor_yen_a_head


def _decide(flow: Flow) -> bool:
    subject, definition = periods.of_flow(flow.id), stock.definition_of(flow)
    result = flow_effects.of_flow(flow)
    sales = result.comparison.sales if result is not None else None
    if sales is not None and costs_too_much(sales, shop.get(ProofRules)):
        _pause(flow, subject, sales)
        return True
    return results.decide(subject, definition.holdout_percent, lambda: result)


def _pause(flow: Flow, subject: str, sales: Interval) -> None:
    """Pause it and say why. Its period ends, so that only what comes after the owner lets it go on can pause it
    again."""
    floor = shop.get(ProofRules).floor_yen_a_head
    with write_transaction():
        stock.pause(flow)
        periods.close(subject, periods.PAUSED)
        notices.notify(
            stock.notice_of_pause(flow),
            notice_text(
                "シナリオ「%(flow)s」を一時停止しました。送った方のお買い上げが、送らなかった方より、おひとりあたり"
                "多く見ても%(high)s円（%(low)s円から）で、お店の境目の%(floor)s円を下回ったためです。"
                "くわしくは「効果」のページをご覧ください。",
                flow=flow.name,
                high=f"{sales.high:+,.0f}",
                low=f"{sales.low:+,.0f}",
                floor=f"{floor:,}",
            ),
        )
