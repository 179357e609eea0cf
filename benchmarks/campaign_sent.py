"""Sends a whole campaign through trouble: `python -m benchmarks.campaign_sent --customers 100000`.

The worker and the clock as the Procfile runs them, against the demo's LINE platform in a process of its own, on a new
SQLite and a new PostgreSQL database. The campaign is two hours late and asks first; then both processes are killed at
random moments; it is stopped and goes on; the month's quota runs out and is raised. At the end every customer whom the
shop says it sent to got it once and nobody else got anything, and the recipients' states add up.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.campaign import fill, scheduled
from benchmarks.campaign_platform import user_id
from benchmarks.flows import require
from benchmarks.measure import ROOT, databases, environment, free_port, server, table
from bot import localtime
from bot.config import settings, shop
from bot.db import database
from bot.db.database import execute, stored, write_transaction
from handlers import register
from journeys.campaigns import campaigns
from journeys.campaigns.campaigns import Progress
from journeys.campaigns.tables import DONE, LATE, SENDING, SENT, STOPPED, Campaign, CampaignRecipient

LATE_BY = timedelta(hours=2)
OPTED_OUT = 100
"""One in so many opts out after the audience is fixed."""
UNKNOWN = 12
"""Customers whom LINE does not know: their calls are refused, and split until each stands alone."""
LINE_SECONDS = 0.05
"""Seconds LINE takes for a call, so that kills interrupt calls."""
KILLED_UNTIL, STOPPED_AT, SPENT_AT = 0.4, 0.45, 0.6
"""Parts of the campaign."""
QUIET_SECONDS = 4
LONGEST_SECONDS = 300.0


class Run:
    """The processes around one campaign."""

    def __init__(self, url: str, folder: Path, environ: dict[str, str]) -> None:
        self.url, self._folder, self._environ = url, folder, environ
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.kills, self.megabytes = Counter[str](), dict[str, list[float]]()

    def start(self, name: str) -> None:
        """Run `worker` or `clock`."""
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, f"{name}.py"],
                cwd=ROOT,
                env=self._environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.megabytes[name] = []

    def kill(self, name: str) -> None:
        """kill -9."""
        process = self._processes.pop(name)
        require(process.poll() is None, True)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.kills[name] += 1

    def end(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def figures(self) -> dict[str, Any]:
        """What the platform has delivered."""
        found: dict[str, Any] = self.ask("figures")
        return found

    def ask(self, what: str) -> Any:
        answer = urllib3.request("GET", f"{self.url}/{what}")
        return answer.json() if answer.data else None

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Wait, and note the processes' memory meanwhile."""
        until = time.monotonic() + LONGEST_SECONDS
        while not condition():
            if time.monotonic() > until:
                raise RuntimeError(f"waited {LONGEST_SECONDS:.0f} s for {what}")
            for name, process in self._processes.items():
                self.megabytes[name].append(_resident_megabytes(process.pid))
            time.sleep(0.2)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--customers", type=int, default=100_000, help="20,000 or more")
    options.add_argument("--kills", type=int, default=12)
    options.add_argument("--only", choices=("SQLite", "PostgreSQL"))
    given = options.parse_args()
    rows: list[list[str]] = []
    register()
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            if given.only in (None, name):
                found = measured(name, url, Path(folder), given.customers, given.kills)
                rows = rows or [["", *found]]
                rows.append([name, *found.values()])
    table(f"A campaign to {given.customers:,} customers, through trouble", rows)


def measured(name: str, url: str, folder: Path, count: int, kills: int) -> Mapping[str, str]:
    """Send one campaign; the figures of it."""
    port = free_port()
    line_url = f"http://127.0.0.1:{port}"
    environ = environment(url, line_url, folder)
    Path(environ["SHOP_TOML"]).write_text("[sending]\nquiet_from_hour = 0\nquiet_until_hour = 0\n")
    settings.use(settings.load(environ))
    shop.use({})
    database.connect(url)
    fill(count)
    platform = [sys.executable, "-m", "benchmarks.campaign_platform", str(port), str(count - UNKNOWN)]
    with ExitStack() as stack:
        stack.enter_context(server([*platform, str(LINE_SECONDS)], port, environ))
        run = Run(line_url, folder, environ)
        stack.callback(run.end)
        stack.callback(database.close)
        return _sent(run, name, kills)


def _sent(run: Run, name: str, kills: int) -> Mapping[str, str]:
    campaign = scheduled()
    long_ago = localtime.now() - LATE_BY
    with write_transaction():
        Campaign.update(scheduled_at=long_ago, changed_at=long_ago).where(
            Campaign.id == campaign.id
        ).execute()
    run.start("worker")
    run.start("clock")
    run.wait_for(lambda: _now(campaign).state == LATE, "its asking")
    require(run.figures()["delivered"], 0)
    _press(campaign, campaigns.confirm_late)
    began = time.perf_counter()
    run.wait_for(lambda: _now(campaign).state == SENDING, "the frozen audience")
    frozen = time.perf_counter() - began
    audience = campaigns.progress(campaign).audience
    goal = campaigns.progress(campaign).open_count
    _opt_out()

    for number in range(kills):
        part = goal * KILLED_UNTIL * number / kills
        run.wait_for(lambda part=part: run.figures()["delivered"] >= part, "more")  # type: ignore[misc]
        time.sleep(random.uniform(0, 1))  # noqa: S311 - no secret
        killed = "clock" if number % 4 == 3 else "worker"
        run.kill(killed)
        run.start(killed)
    run.wait_for(lambda: run.figures()["delivered"] >= goal * STOPPED_AT, "its middle")

    _press(campaign, campaigns.stop)
    time.sleep(QUIET_SECONDS / 2)  # a call on its way is not called back
    delivered = run.figures()["delivered"]
    time.sleep(QUIET_SECONDS)
    require(run.figures()["delivered"], delivered)
    _press(campaign, campaigns.go_on)

    run.wait_for(lambda: run.figures()["delivered"] >= goal * SPENT_AT, "more")
    run.ask(f"limit/{run.figures()['used']}")
    run.wait_for(lambda: _now(campaign).state == STOPPED, "the end of the quota")
    require(_now(campaign).reason == campaigns.QUOTA, True)
    run.ask("limit/0")
    _press(campaign, campaigns.go_on)
    run.wait_for(lambda: _now(campaign).state == DONE, "its end")
    took = time.perf_counter() - began

    found = campaigns.progress(campaign)
    _check(run, campaign, found, audience)
    states = execute("SELECT state, COUNT(*) FROM multicast GROUP BY state").fetchall()
    print(name, found, dict(run.kills), run.figures(), dict(states), flush=True)
    return {
        "audience, s": f"{frozen:.1f}",
        "whole, s": f"{took:.0f}",
        "killed": ", ".join(f"{each} {number}" for each, number in run.kills.items()),
        "sent": f"{found.sent:,}",
        "held out": f"{found.held_out:,}",
        "skipped": f"{found.skipped:,}",
        "failed": f"{found.failed:,}",
        "delivered once": f"{found.sent:,}",
        "twice, or to others": "0",
        "worker, MB": _span(run.megabytes["worker"]),
        "clock, MB": _span(run.megabytes["clock"]),
    }


def _check(run: Run, campaign: Campaign, found: Progress, audience: int) -> None:
    """Raise RuntimeError unless each got it once whom the shop says it sent to, nobody else did, and the sums add
    up."""
    require(found.audience, audience)
    require(found.sent + found.skipped + found.failed + found.held_out, audience)
    require(found.failed, CampaignRecipient.select().where(CampaignRecipient.state == "failed").count())
    sent: Any = CampaignRecipient.select(CampaignRecipient.customer).where(
        CampaignRecipient.campaign == campaign.id, CampaignRecipient.state == SENT
    )
    people = run.ask("people")
    wanted = {user_id(customer_id): 1 for (customer_id,) in sent.tuples()}
    if people != wanted:
        twice = sum(count > 1 for count in people.values())
        raise RuntimeError(f"{len(people)} got it, {twice} of them twice; {len(wanted)} are recorded")
    require(run.figures()["used"], len(wanted))


def _opt_out() -> None:
    """Have some customers opt out while the campaign goes to others."""
    with write_transaction():
        execute("UPDATE customer SET opted_out_at = ? WHERE id % ? = 0", stored(localtime.now()), OPTED_OUT)


def _press(campaign: Campaign, button: Callable[[Campaign], bool]) -> None:
    with write_transaction():
        if database.is_postgres():
            execute("SELECT id FROM campaign WHERE id = ? FOR UPDATE", campaign.id)
        require(button(_now(campaign)), True)


def _now(campaign: Campaign) -> Campaign:
    found: Campaign = Campaign.get_by_id(campaign.id)
    return found


def _span(megabytes: list[float]) -> str:
    """Memory in the middle and at the end of the last process's life."""
    later = megabytes[len(megabytes) // 4 :]
    half = len(later) // 2
    return f"{max(later[:half]):.0f} to {max(later[half:]):.0f}"


def _resident_megabytes(process_id: int) -> float:
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


if __name__ == "__main__":
    main()
