"""How many of the project's files and functions four everyday events pass, from the way in to what a customer gets.

python -m benchmarks.traces [--list]

A customer taps 9, the shop's system reports an order, staff reply in the console, and a wording that the owner changed
in shop.toml is read and said. Each runs once beforehand, so that nothing is counted that a process does only the first
time. Counted are functions of this repository's Python files that were entered (`sys.setprofile`), each once;
comprehensions and lambdas belong to the function around them. The first pair of figures ends with the row in the
outbox, the second with LINE's answer. Not counted are the HTTP server before the web application (`serving/`) and the
loops in which worker and sender wait for work.
"""

import argparse
import itertools
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from flask import Flask

from app import create_app
from benchmarks import measure
from benchmarks.owner import BASE, sign_in
from bot.config import settings
from bot.config import shop as shop_file
from bot.db import database
from bot.db.database import write_transaction
from bot.line.client import LineClient
from bot.queue.outbox import OutboxMessage
from bot.worker.sender import Sender
from bot.worker.worker import handle_next
from customers.api import keys
from customers.people.customer import Customer
from handlers import replies
from rewards.ranks import versions
from support.faq import entries
from support.tickets.tickets import Ticket

OUTSIDE = ("benchmarks", "tests", "script", "demo")
WORDING = '[talk.words]\nmenu = "何をいたしましょうか？"\n'
SENDING = ("bot/worker/sender.py", "Sender.expect")
"""Called when the rows are written; what follows sends them."""
Scene = Callable[[], None]
Calls = list[tuple[str, str]]
"""Each file and function in the order of the first call."""
_numbers = itertools.count(1)


class Trace:
    """What is entered while it records, in this thread and in any that began after it."""

    def __init__(self) -> None:
        self.calls: dict[tuple[str, str], None] = {}
        self._names: dict[CodeType, tuple[str, str] | None] = {}
        self._records = False
        threading.setprofile(self._note)
        sys.setprofile(self._note)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """From nothing, until the block ends."""
        self.calls = {}
        self._records = True
        try:
            yield
        finally:
            self._records = False

    @contextmanager
    def not_here(self) -> Iterator[None]:
        """What this thread does in the block is not part of the way."""
        sys.setprofile(None)
        try:
            yield
        finally:
            sys.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call" or not self._records:
            return
        code = frame.f_code
        if code not in self._names:
            self._names[code] = _name(code)
        if name := self._names[code]:
            self.calls.setdefault(name)


def _name(code: CodeType) -> tuple[str, str] | None:
    """File and function; None for a library's, a template's, a comprehension's."""
    path = Path(code.co_filename)
    if code.co_name.startswith("<") or path.suffix != ".py" or not path.is_relative_to(measure.ROOT):
        return None
    file = path.relative_to(measure.ROOT)
    if file.parts[0].startswith(".") or file.parts[0] in OUTSIDE:
        return None
    return str(file), code.co_qualname


class Shop:
    """The web process's application and a worker's sender, on a new database."""

    def __init__(self, app: Flask, sender: Sender, trace: Trace) -> None:
        self.web, self.desk, self.sender, self.trace = app.test_client(), app.test_client(), sender, trace
        with write_transaction():
            self.key = keys.create("traces")
        sign_in(self.desk)

    def friend(self) -> str:
        """The LINE user id of a new customer whose name is known."""
        user_id = f"U{next(_numbers):032x}"
        self.webhook(user_id, type="follow")
        self.settle()
        Customer.update(display_name="佐藤 美咲").where(Customer.line_user_id == user_id).execute()
        return user_id

    def webhook(self, user_id: str, **event: Any) -> None:
        """LINE's webhook with one event of that user."""
        [made] = measure.events(1)
        del made["type"], made["message"]
        signature, raw = measure.signed([made | {"source": {"type": "user", "userId": user_id}} | event])
        answer = self.web.post("/callback", data=raw, headers={"x-line-signature": signature})
        _require(answer.status_code == 200, answer.text)

    def says(self, user_id: str, text: str) -> None:
        """A text message, handled and answered."""
        self.webhook(
            user_id, type="message", message={"type": "text", "id": str(next(_numbers)), "text": text}
        )
        self.settle()

    def settle(self) -> None:
        """Handle what is in the inbox, and wait until LINE took what is to be sent."""
        while handle_next(self.sender):
            with self.trace.not_here():
                while self.sender.backlog():
                    time.sleep(0.001)


def tapped_score(shop: Shop) -> Scene:
    """A customer was asked, and taps 9."""
    user_id = shop.friend()
    shop.says(user_id, "アンケート")
    data = _postback_of("9", user_id)

    def act() -> None:
        shop.webhook(user_id, type="postback", postback={"data": data})
        shop.settle()

    return act


def order(shop: Shop) -> Scene:
    """The shop's system reports a customer's order."""
    content = {
        "order_number": str(next(_numbers)),
        "ordered_at": datetime.now(UTC).isoformat(),
        "total_yen": 4_980,
        "line_user_id": shop.friend(),
    }

    def act() -> None:
        key = {"Authorization": f"Bearer {shop.key}"}
        answer = shop.web.post("/api/v1/orders", json=content, headers=key)
        _require(answer.status_code == 202, answer.text)
        shop.settle()

    return act


def staff_reply(shop: Shop) -> Scene:
    """A customer asked for staff, who reply in the console."""
    user_id = shop.friend()
    shop.says(user_id, "スタッフと話す")
    [ticket] = Ticket.select().join(Customer).where(Customer.line_user_id == user_id)
    page = f"/console/tickets/{ticket.id}"
    form = shop.desk.get(page, base_url=BASE).text.partition(f'action="{page}/reply"')[2]
    fields = {name: _field(form, name) for name in ("csrf_token", "key", "seen")}

    def act() -> None:
        answer = shop.desk.post(
            f"{page}/reply",
            base_url=BASE,
            headers={"Referer": BASE + page},
            data=fields | {"text": "お待たせいたしました。"},
        )
        _require(answer.status_code == 303, answer.text)
        shop.settle()

    return act


def changed_wording(_shop: Shop) -> Scene:
    """shop.toml is read and checked, and the menu is put together with the owner's sentence."""
    path = settings.current().shop_toml
    path.write_text(WORDING, encoding="utf-8")

    def act() -> None:
        shop_file.load(path)
        _require("何をいたしましょうか？" in str(replies.menu()), "the menu has other words")

    return act


SCENES = {
    "a tapped score": tapped_score,
    "an order": order,
    "a staff reply": staff_reply,
    "a changed wording": changed_wording,
}


def _require(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise RuntimeError(otherwise)


def _postback_of(label: str, user_id: str) -> str:
    """The data of the newest button with that label that this customer was sent."""
    for row in OutboxMessage.select().order_by(OutboxMessage.id.desc()):
        if row.conversation.line_user_id == user_id:
            for action in _actions(json.loads(row.messages)):
                if action["label"] == label:
                    return str(action["data"])
    raise RuntimeError(f"nobody sent {user_id} a button {label}")


def _actions(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict) and part.get("type") == "postback":
        yield part
    inner = list(part.values()) if isinstance(part, dict) else part
    for each in inner if isinstance(inner, list) else ():
        yield from _actions(each)


def _field(form: str, name: str) -> str:
    return form.partition(f'name="{name}" value="')[2].partition('"')[0]


def main() -> None:
    """Play each scene twice, count the second, and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--list", action="store_true", help="also print what was passed, in order")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        line = stack.enter_context(measure.line_stand_in())
        trace = Trace()  # before the threads that it is to follow
        config = settings.load(measure.environment(f"sqlite:///{folder / 'goen.sqlite3'}", line.url, folder))
        app = create_app(config)
        database.migrate()
        versions.store_at_start()
        with write_transaction():
            entries.seed_if_empty()
        sender = Sender(LineClient(config), thread_count=1)
        stack.callback(sender.stop)
        sender.presence.enter()
        report(play(Shop(app, sender, trace)), lists=options.parse_args().list)


def play(shop: Shop) -> dict[str, Calls]:
    """What each scene passed the second time."""
    passed: dict[str, Calls] = {}
    for name, scene in SCENES.items():
        scene(shop)()
        act = scene(shop)
        with shop.trace.recording():
            act()
        passed[name] = list(shop.trace.calls)
    return passed


def report(passed: dict[str, Calls], *, lists: bool) -> None:
    """The table, and the lists where they are wished for."""
    rows = [["", "files to the outbox", "functions", "files to LINE's answer", "functions"]]
    for name, calls in passed.items():
        to_outbox = calls[: calls.index(SENDING)] if SENDING in calls else calls
        rows.append([name, *(str(each) for part in (to_outbox, calls) for each in (_files(part), len(part)))])
    measure.table("The project's own files and functions passed", rows)
    for name, calls in passed.items() if lists else ():
        print(f"\n{name}\n")
        print("\n".join(f"{file}  {function}" for file, function in calls))


def _files(calls: Calls) -> int:
    return len({file for file, _ in calls})


if __name__ == "__main__":
    main()
