"""The figures of scores, chats, messages and stages, recomputed from the raw tables by the words of docs/figures.md."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from bot.config import shop
from journeys.sending.settings import SendingRules
from tests.storage.console import intervals_by_hand as interval
from tests.storage.console.raw_tables import (
    STAGES,
    Days,
    Figure,
    Recompute,
    Row,
    Tables,
    end_of,
    ever,
    local_day,
    median,
    month_to,
    working_hours,
    year_to,
)

FEW = 30


def number_of(people: set[int]) -> Figure:
    return Figure(len(people), people)


def share_of(rows: list[bool], people: set[int] | None, *, has_range: bool = True) -> Figure:
    """The share of true ones."""
    part, count = sum(rows), len(rows)
    low, high = interval.of_share(part, count) if has_range else interval.NONE
    return Figure(part / count if count else None, people, part, count, low, high)


# NPS and the survey


def nps_of(answers: list[Row]) -> Figure:
    scores = [row["score"] for row in answers]
    promoters, detractors = sum(each >= 9 for each in scores), sum(each <= 6 for each in scores)
    low, high = interval.of_nps(promoters, detractors, len(scores))
    value = 100 * (promoters - detractors) / len(scores) if scores else None
    return Figure(value, {row["customer_id"] for row in answers}, count=len(scores), low=low, high=high)


def answered_in(tables: Tables, days: Days) -> list[Row]:
    return [row for row in tables["survey_answer"] if row["answered_on"] in days]


def nps(tables: Tables, on: date) -> Figure:
    return nps_of(answered_in(tables, year_to(on)))


def nps_90_days(tables: Tables, on: date) -> Figure:
    return nps_of(answered_in(tables, Days(on - timedelta(days=89), on)))


def nps_latest(tables: Tables, on: date) -> Figure:
    return nps_of(list(tables.latest_answers(year_to(on)).values()))


def people_who_gave(scores: range) -> Recompute:
    def count(tables: Tables, on: date) -> Figure:
        latest = tables.latest_answers(year_to(on))
        return number_of({who for who, row in latest.items() if row["score"] in scores})

    return count


def asked(tables: Tables, on: date) -> list[tuple[Row, Row | None]]:
    """The questions of the year, each with its answer until that day."""
    answers = {row["invitation_id"]: row for row in tables["survey_answer"] if row["answered_on"] <= on}
    return [
        (row, answers.get(row["id"]))
        for row in tables["survey_invitation"]
        if local_day(row["asked_at"]) in year_to(on)
    ]


def response_rate(tables: Tables, on: date) -> Figure:
    questions = [each for each in asked(tables, on) if not each[0]["cause"].startswith("word:")]
    return share_of(
        [answer is not None for _, answer in questions],
        {question["customer_id"] for question, _ in questions},
    )


def recovery_rate(tables: Tables, on: date) -> Figure:
    questions = [each for each in asked(tables, on) if each[0]["cause"].startswith("ticket:")]
    return share_of(
        [answer is not None and answer["score"] >= 7 for _, answer in questions],
        {question["customer_id"] for question, _ in questions},
    )


def supporters(tables: Tables, on: date) -> Figure:
    latest = tables.latest_answers(ever(on))
    return number_of(
        {
            row["id"]
            for row in tables["customer"]
            if row["id"] in latest
            and latest[row["id"]]["score"] >= 9
            and row["conversation_id"] is not None
            and row["line_user_id"] is not None
            and (row["followed_at"] or row["last_seen_at"])
            and row["blocked_at"] is None
            and row["opted_out_at"] is None
        }
    )


# Chats


def cases(tables: Tables, on: date) -> list[Row]:
    """The chats of the year opened by a low score."""
    return [
        row
        for row in tables["ticket"]
        if row["cause"] == "detractor" and local_day(row["opened_at"]) in year_to(on)
    ]


def is_replied_to(ticket: Row, on: date) -> bool:
    return ticket["first_response_at"] is not None and ticket["first_response_at"] < end_of(on)


def first_response_time(tables: Tables, on: date) -> Figure:
    replied = [row for row in cases(tables, on) if is_replied_to(row, on)]
    hours = [working_hours(row["opened_at"], row["first_response_at"]) for row in replied]
    return Figure(median(hours), {row["customer_id"] for row in replied}, count=len(replied))


def answered_in_time_rate(tables: Tables, on: date) -> Figure:
    until = min(end_of(on), tables.now)
    counted = [
        row
        for row in cases(tables, on)
        if row["due_at"] is not None and (is_replied_to(row, on) or row["due_at"] < until)
    ]
    return share_of(
        [is_replied_to(row, on) and row["first_response_at"] <= row["due_at"] for row in counted],
        {row["customer_id"] for row in counted},
    )


def csat(tables: Tables, on: date) -> Figure:
    whose = {row["id"]: row["customer_id"] for row in tables["ticket"]}
    rows = [
        row
        for row in tables["satisfaction"]
        if row["asked_on"] in year_to(on) and row["score"] is not None and row["answered_at"] < end_of(on)
    ]
    return share_of([row["score"] >= 4 for row in rows], {whose[row["ticket_id"]] for row in rows})


def waiting(tables: Tables, on: date) -> list[Row] | None:
    if on != tables.today:
        return None
    return [row for row in tables["ticket"] if row["state"] == "waiting" and row["snoozed_until"] is None]


def chats_waiting(tables: Tables, on: date) -> Figure:
    rows = waiting(tables, on)
    return Figure(None, set()) if rows is None else Figure(len(rows), {row["customer_id"] for row in rows})


def oldest_wait(tables: Tables, on: date) -> Figure:
    if not (rows := waiting(tables, on)):
        return Figure(None, set())
    longest = min(row["since_at"] for row in rows)
    return Figure(working_hours(longest, tables.now), {row["customer_id"] for row in rows})


# Messages


def sent_in_month(tables: Tables, on: date) -> list[bool]:
    """Of the messages sent unasked this month: whether each cost something."""
    calls = {row["id"]: row for row in tables["outbox_message"] if row["state"] == "sent"}
    return [
        calls[row["outbox_id"]]["sent_as"] == "push" and bool(row["carries_cost"])
        for row in tables["planned_message"]
        if row["outbox_id"] in calls and local_day(calls[row["outbox_id"]]["sent_at"]) in month_to(on)
    ]


def messages_month(tables: Tables, on: date) -> Figure:
    return Figure(len(sent_in_month(tables, on)))


def messages_free_share(tables: Tables, on: date) -> Figure:
    return share_of([not each for each in sent_in_month(tables, on)], None, has_range=False)


def messages_yen(tables: Tables, on: date) -> Figure:
    pushes = sum(sent_in_month(tables, on))
    return Figure(pushes * shop.get(SendingRules).push_cost_yen, count=pushes)


def quota_left(tables: Tables, on: date) -> Figure:
    known = [
        row
        for row in tables["month_quota"]
        if row["channel"] == "main" and local_day(row["asked_at"]) in month_to(tables.today)
    ]
    if on != tables.today or not known or known[0]["quota"] is None:
        return Figure(None)
    since = [
        row
        for row in tables["outbox_message"]
        if row["channel"] == "main"
        and (
            row["state"] == "in-a-call"
            or (row["sent_as"] == "push" and row["sent_at"] > known[0]["asked_at"])
        )
    ]
    return Figure(max(0, known[0]["quota"] - known[0]["used_count"] - len(since)))


# The seven stages


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
    "supporters": supporters,
    "chats-waiting": chats_waiting,
    "oldest-wait": oldest_wait,
    "messages-month": messages_month,
    "messages-free-share": messages_free_share,
    "messages-yen": messages_yen,
    "quota-left": quota_left,
    "nps": nps,
    "nps-latest": nps_latest,
    "nps-90-days": nps_90_days,
    "promoters": people_who_gave(range(9, 11)),
    "passives": people_who_gave(range(7, 9)),
    "detractors": people_who_gave(range(7)),
    "response-rate": response_rate,
    "recovery-rate": recovery_rate,
    "first-response-time": first_response_time,
    "answered-in-time-rate": answered_in_time_rate,
    "csat": csat,
    **{f"stage-{name}": on_stage(place) for place, name in enumerate(STAGES)},
    **{f"stage-drop-off-{name}": drop_off(place) for place, name in enumerate(STAGES[:-1])},
    **{f"stage-days-{name}": days_on_stage(place) for place, name in enumerate(STAGES[:-1])},
}
