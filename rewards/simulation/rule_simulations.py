"""Stores simulations of rules and their results, since running one takes long in a large shop. `simulate.py`
runs them."""

import json
from datetime import date
from typing import Any

from peewee import BigIntegerField, CharField, DateField, TextField

from bot import localtime
from bot.config import shop
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField
from rewards.ledger.settings import PointRules
from rewards.ranks.batch_sql import Measure
from rewards.ranks.rules import Rank
from rewards.ranks.settings import RankSection
from rewards.simulation import simulate
from rewards.simulation.simulate import PointsGiven, RankCounts, SimulationResult

MOST_STORED = 5


class RankSimulation(Model):
    """One set of rules to simulate; they are not in force."""

    rules = TextField()
    as_of = DateField()
    made_at = UtcDateTimeField()
    staff_name = CharField(100)
    average_ltv_yen = BigIntegerField(null=True)
    result = TextField(null=True)
    """JSON; NULL while the simulation runs."""

    class Meta:
        table_name = "rank_trial"


def begin(rules: str, staff_name: str) -> RankSimulation:
    """Stores these rules to be simulated as of today, and deletes all but the last few. The text has been
    validated."""
    made: RankSimulation = RankSimulation.create(
        rules=rules, as_of=localtime.today(), made_at=localtime.now(), staff_name=staff_name
    )
    RankSimulation.delete().where(RankSimulation.id <= made.id - MOST_STORED).execute()
    return made


def run(simulation: RankSimulation) -> SimulationResult:
    """Runs the simulation; reads only. `store_result` stores the result."""
    draft = shop.draft(simulation.rules)
    points = draft.get(PointRules) if draft.names(PointRules) else None
    return simulate.run(draft.get(RankSection), shop.get(RankSection), simulation.as_of, points)


def store_result(simulation: RankSimulation, replayed: SimulationResult) -> None:
    """Stores the result."""
    RankSimulation.update(
        average_ltv_yen=replayed.tried.average_ltv_yen, result=json.dumps(_written(replayed))
    ).where(RankSimulation.id == simulation.id).execute()


def find(simulation_id: int) -> RankSimulation | None:
    """The simulation with that id, unless it was deleted."""
    found: RankSimulation | None = RankSimulation.get_or_none(RankSimulation.id == simulation_id)
    return found


def latest() -> list[RankSimulation]:
    """The last few simulations, newest first."""
    return list(RankSimulation.select().order_by(RankSimulation.id.desc()).limit(MOST_STORED))


def result_of(simulation: RankSimulation) -> SimulationResult | None:
    """The result; None while the simulation runs."""
    return None if simulation.result is None else _read(simulation.as_of, json.loads(simulation.result))


def measure_of(simulation: RankSimulation) -> Measure:
    """What its customers are measured by."""
    section = shop.draft(simulation.rules).get(RankSection)
    average = simulation.average_ltv_yen or section.average_ltv_yen
    return Measure(section, simulation.as_of, average)


def _written(replayed: SimulationResult) -> dict[str, Any]:
    def ranked(of: RankCounts) -> dict[str, Any]:
        moves = [[int(held), int(deserved), count] for (held, deserved), count in of.moves.items()]
        return {"average": of.average_ltv_yen, "moves": moves}

    return {
        "in_force": ranked(replayed.in_force),
        "tried": ranked(replayed.tried),
        "balance": replayed.balance,
        "given": [[each.action, each.count, each.points, each.points_then] for each in replayed.given],
    }


def _read(on: date, written: dict[str, Any]) -> SimulationResult:
    def ranked(of: dict[str, Any]) -> RankCounts:
        moves = {(Rank(held), Rank(deserved)): count for held, deserved, count in of["moves"]}
        return RankCounts(of["average"], moves)

    return SimulationResult(
        on,
        ranked(written["in_force"]),
        ranked(written["tried"]),
        written["balance"],
        [PointsGiven(*each) for each in written["given"]],
    )


erasure.blanked(RankSimulation, {"result": None}, lambda _: RankSimulation.result.is_null(False))
