"""Keeps rules that were tried and what came of them, so that no page waits for a large shop. Decides nothing."""

import json
from datetime import date
from typing import Any

from peewee import BigIntegerField, CharField, DateField, TextField

from bot import localtime
from bot.config import shop
from bot.db.database import Model, UtcDateTimeField
from rewards.ledger.settings import PointRules
from rewards.ranks.batch_sql import Measure
from rewards.ranks.rules import Rank
from rewards.ranks.settings import RankSection
from rewards.simulation import simulate
from rewards.simulation.simulate import Given, Ranked, Replayed

MOST_STORED = 5


class RankSimulation(Model):
    """One set of rules that was tried. Nothing of it is in force."""

    rules = TextField()
    as_of = DateField()
    made_at = UtcDateTimeField()
    staff_name = CharField(100)
    average_ltv_yen = BigIntegerField(null=True)
    result = TextField(null=True)
    """JSON; None while it is counted."""

    class Meta:
        table_name = "rank_trial"


def begin(rules: str, staff_name: str) -> RankSimulation:
    """Keep these rules to be tried today, and forget all but the last few. The text has been checked."""
    made: RankSimulation = RankSimulation.create(
        rules=rules, as_of=localtime.today(), made_at=localtime.now(), staff_name=staff_name
    )
    RankSimulation.delete().where(RankSimulation.id <= made.id - MOST_STORED).execute()
    return made


def count(simulation: RankSimulation) -> Replayed:
    """Run the rules; reads only. `keep` notes the result."""
    draft = shop.draft(simulation.rules)
    points = draft.get(PointRules) if draft.names(PointRules) else None
    return simulate.run(draft.get(RankSection), shop.get(RankSection), simulation.as_of, points)


def keep(simulation: RankSimulation, replayed: Replayed) -> None:
    """Note what came of it."""
    RankSimulation.update(
        average_ltv_yen=replayed.tried.average_ltv_yen, result=json.dumps(_written(replayed))
    ).where(RankSimulation.id == simulation.id).execute()


def find(simulation_id: int) -> RankSimulation | None:
    """The trial of that id, unless it was forgotten."""
    found: RankSimulation | None = RankSimulation.get_or_none(RankSimulation.id == simulation_id)
    return found


def latest() -> list[RankSimulation]:
    """The last few, newest first."""
    return list(RankSimulation.select().order_by(RankSimulation.id.desc()).limit(MOST_STORED))


def result_of(simulation: RankSimulation) -> Replayed | None:
    """What came of it; None while it is counted."""
    return None if simulation.result is None else _read(simulation.as_of, json.loads(simulation.result))


def measure_of(simulation: RankSimulation) -> Measure:
    """By what its customers are measured."""
    section = shop.draft(simulation.rules).get(RankSection)
    average = simulation.average_ltv_yen or section.average_ltv_yen
    return Measure(section, simulation.as_of, average, last_on=simulation.as_of)


def _written(replayed: Replayed) -> dict[str, Any]:
    def ranked(of: Ranked) -> dict[str, Any]:
        moves = [[int(held), int(deserved), count] for (held, deserved), count in of.moves.items()]
        return {"average": of.average_ltv_yen, "moves": moves}

    return {
        "in_force": ranked(replayed.in_force),
        "tried": ranked(replayed.tried),
        "balance": replayed.balance,
        "given": [[each.action, each.count, each.points, each.points_then] for each in replayed.given],
    }


def _read(on: date, written: dict[str, Any]) -> Replayed:
    def ranked(of: dict[str, Any]) -> Ranked:
        moves = {(Rank(held), Rank(deserved)): count for held, deserved, count in of["moves"]}
        return Ranked(of["average"], moves)

    return Replayed(
        on,
        ranked(written["in_force"]),
        ranked(written["tried"]),
        written["balance"],
        [Given(*each) for each in written["given"]],
    )
