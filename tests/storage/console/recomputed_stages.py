"""The figures of the seven stages, recomputed from the raw tables by the words of docs/figures.md."""

from collections import defaultdict
from datetime import date, datetime

from tests.storage.console.raw_tables import (
    STAGES,
    Days,
    Figure,
    Recompute,
    Row,
    Tables,
    end_of,
    local_day,
    median,
    year_to,
)
from tests.storage.console.recomputed_people import number_of, share_of


def changes(tables: Tables) -> dict[int, list[Row]]:
    """The changes of each customer's stage, the first one first."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(tables["stage_change"], key=lambda row: (row["changed_at"], row["id"])):
        found[row["customer_id"]].append(row)
    return found


def stages_on(tables: Tables, on: date) -> dict[int, int] | None:
    """The stage of each customer at the end of that day, by its place; None before the record began."""
    began = min((row["stage_since"] for row in tables["customer_profile"]), default=None)
    began = min(
        (each for each in (began, *(r["changed_at"] for r in tables["stage_change"])) if each), default=None
    )
    if on != tables.today and (began is None or on < local_day(began)):
        return None
    seen = {row["id"]: row["first_seen_at"] for row in tables["customer"]}
    found, of_each = {}, changes(tables)
    for row in tables["customer_profile"]:
        who = row["customer_id"]
        if seen[who] < end_of(on):
            later = [each["before"] for each in of_each.get(who, ()) if each["changed_at"] >= end_of(on)]
            found[who] = STAGES.index(later[0] if later else row["stage"])
    return found


def on_stage(place: int) -> Recompute:
    def count(tables: Tables, on: date) -> Figure:
        stages = stages_on(tables, on)
        if stages is None:
            return Figure(None, set())
        return number_of({who for who, each in stages.items() if each == place})

    return count


def drop_off(place: int) -> Recompute:
    def count(tables: Tables, on: date) -> Figure:
        stages = stages_on(tables, on)
        if stages is None:
            return Figure(None, set())
        reached = {who: each for who, each in stages.items() if each >= place}
        still = {who for who, each in reached.items() if each == place}
        return share_of([who in still for who in reached], still)

    return count


def stays(tables: Tables, place: int, days: Days) -> list[tuple[int, int]]:
    """Customers who went on from a stage in these days, with the whole days that they were on it."""
    seen = {row["id"]: row["first_seen_at"] for row in tables["customer"]}
    first = {who: min(row["ordered_at"] for row in rows) for who, rows in tables.bought(tables.today).items()}
    found = []
    for who, rows in changes(tables).items():
        for before, row in zip([None, *rows], rows, strict=False):
            since: datetime | None = before["changed_at"] if before else None
            if before is None and place == 0:
                since = seen[who]
            elif before is None and place == 1 and who in first:
                since = max(first[who], seen[who])
            is_on = row["before"] == STAGES[place] and STAGES.index(row["after"]) > place
            if (
                is_on
                and since is not None
                and since <= row["changed_at"]
                and local_day(row["changed_at"]) in days
            ):
                found.append((who, (row["changed_at"] - since).days))
    return found


def days_on_stage(place: int) -> Recompute:
    def count(tables: Tables, on: date) -> Figure:
        found = stays(tables, place, year_to(on))
        return Figure(median(days for _, days in found), {who for who, _ in found}, count=len(found))

    return count


RECOMPUTED: dict[str, Recompute] = {
    **{f"stage-{name}": on_stage(place) for place, name in enumerate(STAGES)},
    **{f"stage-drop-off-{name}": drop_off(place) for place, name in enumerate(STAGES[:-1])},
    **{f"stage-days-{name}": days_on_stage(place) for place, name in enumerate(STAGES[:-1])},
}
