"""The clock's jobs: what runs how often.

A job puts events into the inbox under ids that can be put only once: a restart loses nothing, a missed hour
is caught up on, and two clocks do nothing twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot import log, outages, shop_versions
from bot.config import shop
from bot.db import conflicts, database
from bot.db.database import write_transaction
from bot.files import media, storage
from bot.queue import line_health
from customers.api import idempotency
from customers.linking import linking
from customers.orders import parked_decisions
from customers.shopify import receipts
from handlers import (
    budget_jobs,
    campaign_jobs,
    contact_jobs,
    flow_jobs,
    flow_move_jobs,
    gift_jobs,
    import_jobs,
    menu_jobs,
    message_jobs,
    name_jobs,
    overdue_answers,
    points_due,
    profile_jobs,
    proof_jobs,
    rank_review_jobs,
    recommendation_jobs,
    referral_jobs,
    retention_jobs,
    rich_menus,
    settings_jobs,
    survey_due,
    ticket_jobs,
)
from rewards.ranks import average_ltv
from support.faq import meaning
from support.replies import attachments

READ_AT_ONCE = 50
"""FAQ entries whose vectors are computed in one run, at 70 ms each: other jobs must not wait long."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that runs again and again."""

    name: str
    every: timedelta
    run: Callable[[], int | None]
    """Returns how much it did, for the log, or None."""


def refresh_average_ltv() -> int:
    """Refresh the average sales of a customer, which ranks compare with; 1 when it changed."""
    return 0 if average_ltv.refresh() is None else 1


def forget_old_requests() -> int:
    """Delete records of API requests and webhooks that nobody will repeat any more; how many."""
    with write_transaction():
        return idempotency.forget_old() + receipts.forget_old() + linking.forget_old()


def settle_parked_orders() -> int:
    """Take in parked orders that can be understood now, because the owner explained a word in the console or
    shop.toml; how many."""
    if not parked_decisions.anything_to_settle():
        return 0
    with write_transaction():
        return parked_decisions.settle()


def store_entry_vectors() -> int:
    """Store vectors of new or changed FAQ entries, where a model of meaning is installed; how many."""
    count = 0
    try:
        for each in meaning.outdated(READ_AT_ONCE):
            vectors = meaning.vectors_of(each)
            if vectors is None:
                break
            with write_transaction():
                meaning.store(each, vectors)
            count += 1
    finally:
        meaning.unload()
    return count


JOBS = (
    Job("put planned settings in force", timedelta(minutes=1), settings_jobs.put_due_in_force),
    Job("send campaigns", timedelta(seconds=5), campaign_jobs.run_campaigns),
    Job("take in files of the owner", timedelta(seconds=1), import_jobs.run_imports),
    Job("release planned messages", timedelta(minutes=1), message_jobs.release_planned_messages),
    Job("ask who is due", timedelta(minutes=10), survey_due.ask_who_is_due),
    Job("release held points", timedelta(minutes=10), points_due.release_held_points),
    Job("expire points", timedelta(minutes=10), points_due.expire_points),
    Job("warn of expiry", timedelta(minutes=10), points_due.warn_of_expiry),
    Job("refresh average LTV", timedelta(hours=6), refresh_average_ltv),
    Job("review all ranks", timedelta(minutes=10), rank_review_jobs.review_all_ranks),
    Job("notify customers of rank changes", timedelta(minutes=10), rank_review_jobs.notify_rank_changes),
    Job("learn what FAQ entries mean", timedelta(minutes=1), store_entry_vectors),
    Job("forget old API requests", timedelta(hours=6), forget_old_requests),
    Job("settle parked orders", timedelta(minutes=1), settle_parked_orders),
    Job("congratulate on birthdays", timedelta(hours=1), gift_jobs.congratulate_on_birthdays),
    Job("end the holds of referrals", timedelta(minutes=30), referral_jobs.end_holds),
    Job("let menus follow ranks", timedelta(minutes=10), rich_menus.catch_up),
    Job("ask for menus whose words changed", timedelta(seconds=10), rich_menus.publish_if_changed),
    Job("publish menus that were asked for", timedelta(seconds=2), menu_jobs.publish_if_wanted),
    Job("ask LINE how its side is", timedelta(minutes=10), line_health.check),
    Job("delete discarded files", timedelta(minutes=1), storage.delete_discarded),
    Job("delete old attachments", timedelta(hours=1), attachments.delete_old),
    Job("clean stored files of metadata", timedelta(minutes=1), media.clean_stored),
    Job("wake snoozed tickets", timedelta(minutes=1), ticket_jobs.wake_snoozed),
    Job("alert of broken promises", timedelta(minutes=10), overdue_answers.alert_of_overdue_answers),
    Job("ask how complaints were handled", timedelta(hours=1), ticket_jobs.ask_after_rest),
    Job("alert staff of promises", timedelta(minutes=1), ticket_jobs.alert_of_near_promises),
    Job("forget old alerts", timedelta(hours=6), ticket_jobs.forget_old_alerts),
    Job("check waiting tickets", timedelta(minutes=1), ticket_jobs.check_waiting_tickets),
    Job("find days that flows wait for", timedelta(hours=1), flow_jobs.find_days_that_came),
    Job("let stopped flows go on or end", timedelta(minutes=1), flow_jobs.settle_stopped_flows),
    Job("move people to another version of a flow", timedelta(minutes=1), flow_move_jobs.move_enrolments),
    Job("take due steps of flows", timedelta(seconds=5), flow_jobs.take_due_steps),
    Job("compute the month's budget", timedelta(minutes=10), budget_jobs.refresh_budget),
    Job("find whom staff may write to", timedelta(hours=1), contact_jobs.find_due),
    Job("follow up individual contact", timedelta(minutes=10), contact_jobs.follow_up),
    Job("decide what flows earn", timedelta(days=1), proof_jobs.decide_effects),
    Job("delete files that nobody imported", timedelta(hours=1), import_jobs.discard_old_files),
    Job("fold names for the search", timedelta(minutes=1), name_jobs.fold_names),
    Job("keep profiles of customers", timedelta(minutes=1), profile_jobs.keep_profiles),
    Job("count what is bought together", timedelta(minutes=1), recommendation_jobs.count_pairs),
    Job("delete what is stored long enough", timedelta(minutes=1), retention_jobs.forget_old),
    Job("let old coupons expire", timedelta(hours=1), gift_jobs.expire_coupons),
)


def run_all() -> None:
    """Run every job once, now."""
    for job in JOBS:
        run(job)


def run(job: Job) -> bool:
    """Run one job and log a failure; it runs again at its next time. False when the database is unavailable,
    so that the caller tries sooner."""
    try:
        shop_versions.refresh()
        with shop.unchanged():
            count = conflicts.again(job.run)
    except Exception as error:  # a failing job must not stop the others
        log.exception("job failed", job=job.name)
        database.forget_connection()
        return outages.classify(error) is None
    if count:
        log.info("job done", job=job.name, count=count)
    return True
