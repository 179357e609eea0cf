"""Scheduled jobs run once, at their time; what an outage prevented runs when it is over."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import peewee
import psycopg2
import pytest

import clock
from bot import localtime
from bot.db import database
from bot.worker import heartbeat
from handlers.timetable import Job
from tests.storage.inbox_scene import NOON

DAY = timedelta(days=1)


class Work:
    """Two daily jobs, which record when they run; the database may be unavailable meanwhile."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.tries = 0
        self.is_away = False
        self.has_fault = False
        self.start: Callable[[], None] = lambda: None

    def job(self, name: str) -> Job:
        def run() -> None:
            self.tries += 1
            if self.is_away:
                raise psycopg2.InterfaceError("connection already closed")
            if self.has_fault and name == "first":
                raise ValueError("a fault of ours")
            self.done.append(name)

        return Job(name, DAY, run)


@pytest.fixture
def work(any_database: peewee.Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    made = Work()
    monkeypatch.setattr(clock, "JOBS", (made.job("first"), made.job("second")))
    monkeypatch.setattr(clock, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(clock, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(clock, "_beat_at", float("-inf"))
    stopping = threading.Event()

    def tick() -> None:
        clock.tick(stopping)
        database.close()

    thread = threading.Thread(target=tick)
    made.start = thread.start
    yield made
    stopping.set()
    if thread.is_alive():
        thread.join(10)


def wait_for(work: Work, done: list[str]) -> None:
    until = time.monotonic() + 10
    while work.done != done and time.monotonic() < until:
        time.sleep(0.01)
    assert work.done == done


def test_everything_is_done_at_the_start_and_a_sign_of_life_is_given(work: Work) -> None:
    work.start()
    wait_for(work, ["first", "second"])
    until = time.monotonic() + 10
    while not heartbeat.seen_lately("clock") and time.monotonic() < until:
        time.sleep(0.01)
    assert heartbeat.seen_lately("clock")
    time.sleep(0.1)
    assert work.done == ["first", "second"], "and not again before its time"


def test_what_an_outage_prevented_is_done_when_it_is_over(work: Work) -> None:
    work.is_away = True
    work.start()
    until = time.monotonic() + 10
    while work.tries < 2 and time.monotonic() < until:
        time.sleep(0.01)
    tries = work.tries
    assert tries >= 2
    time.sleep(0.5)
    assert work.tries - tries <= 12, "it tries again, and not all the time"
    assert work.done == []
    work.is_away = False
    until = time.monotonic() + 10
    while len(work.done) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert sorted(work.done) == ["first", "second"]


def test_a_fault_of_one_job_costs_no_other_its_turn(work: Work) -> None:
    work.has_fault = True
    work.start()
    wait_for(work, ["second"])


def test_a_long_count_holds_up_neither_jobs_nor_heartbeats(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, stopping, counted = threading.Event(), threading.Event(), list[str]()

    def long() -> None:
        may_end.wait(30)
        counted.append("long")

    counts = (Job("long", DAY, long), Job("next", DAY, lambda: counted.append("next")))
    monkeypatch.setattr(clock, "COUNTS", counts)

    def run() -> None:
        clock.run(stopping)
        database.close()

    runs = threading.Thread(target=run)
    runs.start()
    try:
        wait_for(work, ["first", "second"])
        until = time.monotonic() + 10
        while not heartbeat.seen_lately("clock") and time.monotonic() < until:
            time.sleep(0.01)
        assert heartbeat.seen_lately("clock")
        assert counted == []
        may_end.set()
        until = time.monotonic() + 10
        while len(counted) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        assert counted == ["long", "next"], "one at a time, in their order"
    finally:
        may_end.set()
        stopping.set()
        for thread in (runs, *(each for each in threading.enumerate() if each.name == "counts")):
            thread.join(10)


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=-3)])
def test_everything_is_done_anew_when_the_clock_was_set(work: Work, jump: timedelta) -> None:
    with localtime.fixed(NOON):
        work.start()
        wait_for(work, ["first", "second"])
        with localtime.fixed(NOON + jump):
            wait_for(work, ["first", "second"] * 2)
