"""The tour's progress: by new rows of the shop's database, by pages that were opened; and its JSON and links."""

from pathlib import Path

import pytest
from flask import Flask

from bot import localtime
from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue.outbox import OutboxMessage
from customers.people import customer as customers
from demo.console_links import ConsoleLinks, restart_note
from demo.phone.controls import Controls
from demo.phone.platform import create_platform
from demo.phone.tour import Tour
from demo.tour import steps as tour_steps
from demo.tour.progress import NEW_ROWS, Progress
from support.tickets import tickets
from tests.demo.conftest import SECRET, TOKEN

STEPS = tour_steps.steps("Uone", "Utwo", ConsoleLinks("http://127.0.0.1:9").signed_in)


@pytest.fixture
def progress(database: None, tmp_path: Path) -> Progress:
    made = Progress(tmp_path)
    open_ticket("before the tour")
    made.begin()
    return made


def open_ticket(key: str) -> None:
    with write_transaction():
        customer = customers.follow(f"U{key}", None, localtime.now())
        chat = Conversation.create(key=key)
        tickets.open_ticket(customer.id, chat.id, cause=tickets.ASKED, cause_key=key)


def test_a_step_is_done_by_what_happens_after_the_demo_was_set_up(progress: Progress) -> None:
    assert progress.done() == []
    open_ticket("a low score")
    assert progress.done() == ["low"]


def test_a_message_of_the_bot_is_no_reply_of_staff(progress: Progress) -> None:
    def sent(staff_id: int | None) -> None:
        chat = Conversation.create(key=f"chat of {staff_id}")
        OutboxMessage.create(
            conversation=chat.id,
            kind="push",
            messages="[]",
            cause=f"test:{staff_id}",
            staff_id=staff_id,
            retry_key=str(staff_id),
            state="sent",
            created_at=localtime.now(),
        )

    sent(None)
    assert "reply" not in progress.done()
    sent(2)
    assert "reply" in progress.done()


def test_a_continued_demo_goes_on_with_the_tour(progress: Progress, tmp_path: Path) -> None:
    progress.mark("today")
    open_ticket("a low score")
    again = Progress(tmp_path)
    again.begin()
    assert set(again.done()) == {"today", "low"}


def test_every_step_can_be_ticked_and_is_worded_in_both_languages() -> None:
    by_row = {step.key for step in STEPS} & NEW_ROWS.keys()
    assert by_row == NEW_ROWS.keys()
    for step in STEPS:
        assert step.key in by_row or step.act == "open" or step.key == tour_steps.WEEK
        assert all(vars(step.ja).values()) and all(vars(step.en).values())
        assert step.who or step.url
    assert [role for role in ("customer", "staff", "owner") if role in {step.role for step in STEPS}] == [
        "customer",
        "staff",
        "owner",
    ]


def test_a_link_opens_its_page_in_the_right_role_and_ticks_only_pages_to_read() -> None:
    marked: list[str] = []
    tour = Tour(STEPS, done=lambda: marked, mark=marked.append)
    platform = create_platform(
        channel_secret=SECRET,
        access_token=TOKEN,
        controls=Controls(localtime.now, lambda *_, **__: "", lambda _: "", tour=tour),
    )
    app: Flask = platform.app
    client = app.test_client()

    opened = client.get("/phone/tour/today")
    assert opened.location == "http://127.0.0.1:9/console/demo-sign-in/owner?next=/console/today"
    assert client.get("/phone/tour/reply").location.endswith("/staff?next=/console/tickets")
    assert client.get("/phone/tour/score").status_code == 404, "it has no page"
    assert client.get("/phone/api/tour").json == {"done": ["today"]}, "a reply is done when it is sent"


def test_a_restart_says_what_it_discards(tmp_path: Path) -> None:
    assert "すべて消え" in restart_note(None)[0] and "--folder" in restart_note(None)[1]
    assert str(tmp_path) in restart_note(tmp_path)[0] and "stays in" in restart_note(tmp_path)[1]
