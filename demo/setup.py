"""Sets the demo up and takes it down: a folder, the simulated LINE, and the product's own processes.

The product learns that this is a demo only by DEMO_DIR, which its settings refuse together with the real LINE.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

import urllib3

from bot import localtime
from bot.config import settings
from bot.config.setting_kinds import LOOPBACK_HOSTS
from bot.config.settings import ROOT, Settings
from bot.db import database
from customers.api import keys
from demo import confirmed, stored_secrets, travel
from demo.console_links import ConsoleLinks, restart_note
from demo.line.channel import Identity
from demo.phone.controls import Controls
from demo.phone.platform import Platform, create_platform
from demo.shop import arrivals, desk, fill, logo, parcels, people, rewards
from demo.shop.fill import SHOP_NAME
from demo.shop.plan.products import PRODUCTS
from demo.shop.shop_system import ShopSystem
from demo.shop.weeks import Machinery
from demo.tour import steps as tour_steps
from demo.tour.progress import Progress
from support.faq import entries

BASIC_ID = "@hidamari"
PUBLIC_URL = "https://hidamari.example"
"""The shop's public address, as customers would know it: LINE takes pictures by https only. The phone page loads
what is there from the bot on this machine."""
LOGIN_CHANNEL_ID = "2000000001"
SUPPORT_NAME, SUPPORT_ID = "担当者のLINE", "@hidamari-tantou"
"""The shop's second account, for what staff write by themselves."""
READY_SECONDS = 180


class StageUnfit(Exception):
    """The demo cannot start or go on here. The text says why and what to do."""


class Stage:
    """The running demo. A context manager: leaving it ends all that it started."""

    def __init__(
        self,
        port: int,
        bot_port: int,
        folder: Path | None,
        *,
        customer_count: int,
        hire: Callable[[], None],
        machinery: Machinery,
    ) -> None:
        self._ports = (port, bot_port)
        self._wanted_folder = folder
        self._customer_count = customer_count
        self._hire, self._machinery = hire, machinery
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._processes: list[subprocess.Popen[bytes]] = []
        self._http = urllib3.PoolManager(retries=False, timeout=10)
        self.bot_url = f"http://127.0.0.1:{bot_port}"
        self.platform: Platform

    def __enter__(self) -> "Stage":
        refuse_the_real_line()
        for port, option in zip(self._ports, ("--port", "--bot-port"), strict=True):
            _refuse_taken(port, option)
        self.folder = self._make_folder()
        self.restart_note = restart_note(self._wanted_folder and self.folder)
        self._progress = Progress(self.folder)
        try:
            self._build()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _make_folder(self) -> Path:
        try:
            if self._wanted_folder is None:
                self._temporary = tempfile.TemporaryDirectory(prefix="goen-demo-", ignore_cleanup_errors=True)
                return Path(self._temporary.name)
            self._wanted_folder.mkdir(parents=True, exist_ok=True)
            probe = self._wanted_folder / ".writable"
            probe.touch()
            probe.unlink()
        except OSError as error:
            place = self._wanted_folder or tempfile.gettempdir()
            raise StageUnfit(
                f"{place} cannot be written ({error.strerror}). Choose another folder, as in: "
                "script/demo --folder ~/goen-demo"
            ) from error
        return self._wanted_folder.resolve()

    def _build(self) -> None:
        stored = stored_secrets.of(self.folder)
        self.environ = self._environment(stored)
        self.settings: Settings = settings.use(settings.load(self.environ))
        database.connect(self.settings.database_url)
        fresh = bool(database.migrate())
        if fresh:
            travel.open_the_shop(self.folder)
        with database.write_transaction():
            entries.seed_if_empty()
            confirmed.confirm_set_up()
            self._hire()
            api_key = keys.create("デモの買い物")
        self._shop_system = ShopSystem(self._http, self.bot_url, api_key)
        self.platform = create_platform(
            channel_secret=stored["channel"],
            access_token=stored["token"],
            webhook_url=f"{self.bot_url}/callback",
            shop_name=SHOP_NAME,
            basic_id=BASIC_ID,
            controls=self._controls(),
            support=Identity(
                channel_secret=stored["support_channel"],
                access_token=stored["support_token"],
                shop_name=SUPPORT_NAME,
                basic_id=SUPPORT_ID,
            ),
        )
        self.platform.channel.login.open(LOGIN_CHANNEL_ID, stored["login"], f"{PUBLIC_URL}/line-login")
        self.platform.serve(self._ports[0])
        year = fill.Year(self._customer_count, self.platform) if fresh and self._customer_count else None
        if year is not None:
            year.write_past(self._machinery)
        menus = self._run("menus", sys.executable, "manage.py", "menu", "publish")
        self._processes = [self._run("web", sys.executable, "app.py", "127.0.0.1")]
        if year is not None:
            year.play_weeks(self._machinery)
        if menus.wait(READY_SECONDS) != 0:
            raise StageUnfit(f"The menus could not be published:\n{self.last_words()}")
        if year is not None:
            year.write_present()
            rewards.switch_on()
            desk.add_support_history()
        self._shop_system.expect(parcels.still_to_come())
        people.introduce(self.platform)
        people.add_who_is_due(self.platform)
        people.add_stranger(self.platform)
        self._progress.begin()
        database.close()
        for channel in self.platform.channels:
            channel.webhook_sender.start()
        self._start_work()
        self._wait_until_ready()

    def _environment(self, stored: dict[str, str]) -> dict[str, str]:
        platform_url = f"http://127.0.0.1:{self._ports[0]}"
        return {
            **os.environ,
            "LINE_CHANNEL_SECRET": stored["channel"],
            "LINE_CHANNEL_ACCESS_TOKEN": stored["token"],
            "LINE_BASIC_ID": BASIC_ID,
            "LINE_SUPPORT_CHANNEL_SECRET": stored["support_channel"],
            "LINE_SUPPORT_CHANNEL_ACCESS_TOKEN": stored["support_token"],
            "LINE_SUPPORT_BASIC_ID": SUPPORT_ID,
            "LINE_API_URL": platform_url,
            "LINE_DATA_API_URL": platform_url,
            "LINE_LOGIN_URL": platform_url,
            "LINE_LOGIN_CHANNEL_ID": LOGIN_CHANNEL_ID,
            "LINE_LOGIN_CHANNEL_SECRET": stored["login"],
            "PUBLIC_URL": PUBLIC_URL,
            "SECRET_KEY": stored["key"],
            "SHOP_NAME": SHOP_NAME,
            "SHOP_LOGO": str(logo.put_into(self.folder)),
            "SHOP_TIMEZONE": "Asia/Tokyo",
            "DATABASE_URL": f"sqlite:///{self.folder / 'demo.sqlite3'}",
            "DATA_DIR": str(self.folder),
            "DEMO_DIR": str(self.folder),
            "LOG_LEVEL": "INFO",
            "PORT": str(self._ports[1]),
        }

    def _controls(self) -> Controls:
        links = ConsoleLinks(self.bot_url)
        return Controls(
            now=localtime.now,
            buy=self.buy,
            travel=self.travel,
            products=PRODUCTS,
            addresses=((PUBLIC_URL, self.bot_url),),
            arrived=partial(arrivals.arrived, lambda message: links.as_owner(f"journeys/messages/{message}")),
            coming=arrivals.coming,
            flow_links=links.flows(),
            console_links=links.sign_ins(),
            tour=tour_steps.tour(
                people.line_user_id_of(0), people.line_user_id_of(2), links.signed_in, self._progress
            ),
            restart_note=self.restart_note,
        )

    def buy(self, line_user_id: str, product_code: str, **buyer: str) -> str:
        """Place an order through the orders API, as a shop system would; `buyer` are further fields of the buyer."""
        product = next(each for each in PRODUCTS if each.code == product_code)
        self._shop_system.order(line_user_id, product, **buyer)
        return f"「{product.name}」（{product.price_yen:,}円）を注文しました"

    def travel(self, days: int) -> str:
        """Advance the clock by so many days, with the scheduled work of each."""
        arrived = travel.travel(self.folder, days, self._shop_system.report_parcels)
        self._progress.mark(tour_steps.WEEK)
        return f"お店の時計は {arrived.month}月{arrived.day}日 {arrived:%H:%M} です"

    def watch(self) -> None:
        """Wait until one of the product's processes ends, which it should not."""
        while all(process.poll() is None for process in self._processes):
            time.sleep(0.5)
        raise StageUnfit(f"A part of the demo ended by itself. What it said last:\n{self.last_words()}")

    def restart(self) -> None:
        """Restart the product's processes with the present files. The phone and its chats stay as they are."""
        self._end_processes()
        self._run("migrate", sys.executable, "manage.py", "migrate").wait()
        self._processes = [self._run("web", sys.executable, "app.py", "127.0.0.1")]
        self._start_work()

    @property
    def logs(self) -> dict[str, Path]:
        """The log file of each of the product's processes."""
        return {name: self.folder / f"{name}.log" for name in ("migrate", "menus", "web", "worker", "clock")}

    def _start_work(self) -> None:
        """Start the processes beside web, which acts on nothing by itself."""
        self._processes += [
            self._run("worker", sys.executable, "worker.py"),
            self._run("clock", sys.executable, "clock.py"),
        ]

    def _run(self, name: str, *command: str) -> "subprocess.Popen[bytes]":
        with self.logs[name].open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if any(process.poll() is not None for process in self._processes):
                raise StageUnfit(f"A part of the demo could not start:\n{self.last_words()}")
            try:
                if self._http.request("GET", f"{self.bot_url}/readyz").status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                pass  # not listening yet
            time.sleep(0.1)
        raise StageUnfit(f"The demo was not ready within {READY_SECONDS} seconds:\n{self.last_words()}")

    def last_words(self) -> str:
        """The end of each process's log."""
        logs = (path for path in self.logs.values() if path.exists())
        return "\n".join(path.read_text(errors="replace")[-800:] for path in logs)

    def _end_processes(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                process.kill()

    def _end(self) -> None:
        self._end_processes()
        if hasattr(self, "platform"):
            self.platform.stop()
        database.close()
        if self._temporary is not None:
            self._temporary.cleanup()


def refuse_the_real_line() -> None:
    """Refuse to start against the real LINE: time travel and sign-in without a password must not meet real
    customers."""
    address = os.environ.get("LINE_API_URL", "")
    if address and urlsplit(address).hostname not in LOOPBACK_HOSTS:
        raise StageUnfit(
            f"LINE_API_URL is {address}. The demo offers time travel and sign-in without a password, which must not "
            "meet real customers, so it does not start. Unset LINE_API_URL for the demo; start the real bot with "
            "script/start."
        )


def free_port() -> int:
    """A port of this machine that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _refuse_taken(port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StageUnfit(
                f"Port {port} cannot be used ({error.strerror}): something else is listening there. "
                f"Choose another, as in: script/demo {option} {port + 100}"
            ) from error
