"""A forgotten password: the link on one's own LINE, what it takes, and who gets nothing."""

import json
import re
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from bot.queue import inbox, outbox
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from bot.routing import event_kinds
from bot.routing.events import InternalEvent
from console.auth import password_links, second_factor
from console.auth.password_links import PasswordLink
from console.auth.staff_accounts import Staff
from console.shell.audit import AuditEntry
from customers.people import staff_lines
from customers.people.customer import Customer
from handlers import staff_passwords
from support.transcript import transcript
from tests.console import chats
from tests.console.conftest import SignIn, get, post

FORGOTTEN, NEW = "/console/forgotten", "tsukimi-garasu-17-enpitsu"


def person_with_line(role: str = "owner") -> tuple[Staff, Customer]:
    person, customer = chats.person(role=role), chats.customer("花")
    with write_transaction():
        staff_lines.choose(person.id, customer)
    return person, customer


def ask(client: FlaskClient, email: str) -> str:
    answer = post(client, FORGOTTEN, page=FORGOTTEN, email=email)
    assert answer.status_code == 200
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)


def asked() -> list[InboxEvent]:
    return list(InboxEvent.select().where(InboxEvent.source == event_kinds.STAFF_PASSWORD_FORGOTTEN))


def link() -> str:
    found = re.search(r"/console/new-password/[\w-]+", json.loads(str(asked()[-1].body))["text"])
    assert found
    return found[0]


def test_the_link_sets_a_new_password_once(stranger: FlaskClient) -> None:
    person, _ = person_with_line()
    ask(stranger, " Owner@example.jp")
    path = link()
    assert path.rpartition("/")[2] not in str(PasswordLink.get().token_hash)
    assert post(stranger, path, page=path, password=NEW, again="other").status_code == 422
    assert post(stranger, path, page=path, password="password12", again="password12").status_code == 422
    assert post(stranger, path, page=path, password=NEW, again=NEW).location == "/console/sign-in"
    assert get(stranger, path).status_code == 404
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.kind, NEW in entry.details) == ("new_password", False)
    signed_in = post(stranger, "/console/sign-in", page="/console/sign-in", email=person.email, password=NEW)
    assert signed_in.status_code == 303


def test_the_answer_is_the_same_for_all(stranger: FlaskClient) -> None:
    person_with_line()
    chats.person(role="staff")
    answers = {
        ask(stranger, email) for email in ("owner@example.jp", "staff@example.jp", "nobody@example.jp")
    }
    assert len(answers) == 1
    assert len(asked()) == 1
    assert "ほかのオーナー" in answers.pop()


def test_sessions_end_and_the_second_factor_stays(sign_in: SignIn, stranger: FlaskClient) -> None:
    owner = sign_in("owner")
    person, customer = Staff.get(Staff.email == "owner@example.jp"), chats.customer("花")
    with write_transaction():
        staff_lines.choose(person.id, customer)
        second_factor.begin(person)
        to_confirm = second_factor.to_confirm(person)
        assert to_confirm
        assert second_factor.confirm(person, pyotp.TOTP(to_confirm.secret).now())
    ask(stranger, person.email)
    post(stranger, link(), page=link(), password=NEW, again=NEW)
    assert get(owner, "/console/today").status_code == 303
    step = post(stranger, "/console/sign-in", page="/console/sign-in", email=person.email, password=NEW)
    assert step.location.startswith("/console/sign-in/code")


def test_a_link_ends_after_fifteen_minutes_and_with_the_next(stranger: FlaskClient) -> None:
    person_with_line()
    ask(stranger, "owner@example.jp")
    first = link()
    ask(stranger, "owner@example.jp")
    assert get(stranger, first).status_code == 404
    assert get(stranger, link()).status_code == 200
    PasswordLink.update(made_at=localtime.machine_now() - timedelta(minutes=16)).execute()
    assert get(stranger, link()).status_code == 404


@pytest.mark.parametrize("count", [3, 5])
def test_asking_again_and_again_is_limited(stranger: FlaskClient, count: int) -> None:
    person_with_line()
    for _ in range(count):
        ask(stranger, "owner@example.jp")
    assert len(asked()) == password_links.MOST_AN_HOUR
    if count == 5:
        assert post(stranger, FORGOTTEN, page=FORGOTTEN, email="owner@example.jp").status_code == 429
    entered = post(
        stranger,
        "/console/sign-in",
        page="/console/sign-in",
        email="owner@example.jp",
        password=chats.PASSWORD,
    )
    assert entered.status_code == 303, "asking for links locks no sign-in"


def test_it_is_pushed_at_once_and_no_page_shows_it(stranger: FlaskClient) -> None:
    _, customer = person_with_line()
    ask(stranger, "owner@example.jp")
    row = asked()[-1]
    event = InternalEvent(
        kind=event_kinds.STAFF_PASSWORD_FORGOTTEN,
        data=json.loads(str(row.body)),
        event_id=str(row.event_id),
        conversation_id=row.conversation_id,
        user_id=customer.line_user_id,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
    )
    with outbox.collect("test"), write_transaction():
        staff_passwords.password_forgotten(event)
    pushed = OutboxMessage.get()
    assert (pushed.kind, link() in pushed.messages) == (outbox.PUSH, True)
    assert "new-password" not in str(transcript.page(row.conversation_id))
    assert not inbox.parked()


def test_an_owner_makes_a_link_for_another_person(sign_in: SignIn) -> None:
    owner, other = sign_in("owner"), chats.person(role="staff")
    made = post(owner, f"/console/staff/{other.id}/password-link", page="/console/staff")
    path = re.search(r"/console/new-password/[\w-]+", made.text)
    assert path
    assert post(owner, path[0], page=path[0], password=NEW, again=NEW).status_code == 303
    own = Staff.get(Staff.email == "owner@example.jp").id
    assert post(owner, f"/console/staff/{own}/password-link", page="/console/staff").status_code == 404
