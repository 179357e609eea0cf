"""The figures of scores, chats, and messages, recomputed from the raw tables by the words of docs/figures.md."""

from datetime import date, timedelta

from bot.config import shop
from journeys.sending.settings import SendingRules
from tests.storage.console import intervals_by_hand as interval
from tests.storage.console.raw_tables import (
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
}
