"""Asking for the password again before sensitive actions; the submitted form goes on afterwards."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from console.auth import confirmation, invitations, lockout, second_factor, sessions, staff_accounts
from console.auth.sessions import StaffSession
from console.auth.staff_accounts import Role, Staff
from console.shell import audit
from customers.api import keys
from tests.console import chats
from tests.console.conftest import BASE, SignIn, get, post

NOON = datetime(2026, 7, 1, 3, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)
KEYS, PEOPLE, ACCOUNT = "/console/api-keys", "/console/staff", "/console/account"
SET_UP = f"{ACCOUNT}/second-factor"
A_KEY: Any = {"name": "お店のシステム", "scopes": keys.ORDERS_WRITE}


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    """Signed in, and not confirmed."""
    client = sign_in("owner")
    StaffSession.update(confirmed_at=None).execute()
    return client


def wants_a_key(client: FlaskClient, **more: Any) -> Any:
    return post(client, KEYS, page=KEYS, **A_KEY, **more)


def is_asked(answer: Any) -> bool:
    return answer.status_code == 200 and 'name="confirm_password"' in answer.text


def goes_on(client: FlaskClient, page: Any, password: str = chats.PASSWORD, code: str = "") -> Any:
    """Fill in the page that asks and send it, with the form that it carries."""
    action = re.search(r'<form class="card" method="post" action="([^"]+)"', page.text)
    assert action
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return client.post(
        action[1],
        base_url=BASE,
        headers={"Referer": BASE + action[1]},
        data={**fields, "confirm_password": password, "confirm_code": code},
    )


def test_an_api_key_waits_for_the_password_and_is_then_made_as_it_was_meant(owner: FlaskClient) -> None:
    meant: Any = {"name": "お店の <システム>", "scopes": [keys.ORDERS_WRITE, keys.LINKS_WRITE]}
    asked = post(owner, KEYS, page=KEYS, **meant)
    assert is_asked(asked)
    assert keys.all_keys() == []
    assert "goen_" in goes_on(owner, asked).text
    [made] = keys.all_keys()
    assert (made.name, made.scopes.split()) == (
        "お店の <システム>",
        [keys.ORDERS_WRITE, keys.LINKS_WRITE],
    )
    [entry] = audit.page(None, None, None, None)
    assert entry.kind == "make_key", "giving the password is no change"


def test_a_confirmation_holds_for_ten_minutes_in_that_session_alone(app: Flask, owner: FlaskClient) -> None:
    goes_on(owner, wants_a_key(owner))
    with localtime.fixed(NOON + confirmation.HOLDS - timedelta(seconds=1)):
        assert wants_a_key(owner).status_code == 200
    with localtime.fixed(NOON + confirmation.HOLDS):
        assert is_asked(wants_a_key(owner))
    other = app.test_client()
    post(
        other, "/console/sign-in", page="/console/sign-in", email="owner@example.jp", password=chats.PASSWORD
    )
    assert is_asked(wants_a_key(other)), "a sign-in is no confirmation"


def mio() -> Staff:
    with write_transaction():
        return staff_accounts.add("mio@example.jp", "田中 みお", "staff", chats.PASSWORD)


@pytest.mark.parametrize(
    ("path", "page", "form", "asks"),
    [
        (f"{SET_UP}/begin", ACCOUNT, {}, True),
        (f"{SET_UP}/confirm", ACCOUNT, {"code": "123456"}, True),
        (f"{SET_UP}/codes", ACCOUNT, {}, True),
        (f"{SET_UP}/off", ACCOUNT, {}, True),
        (KEYS, KEYS, A_KEY, True),
        ("/console/staff/invitations", PEOPLE, {"name": "田中 みお", "role": "owner"}, True),
        ("/console/staff/invitations", PEOPLE, {"name": "田中 みお", "role": "staff"}, False),
        ("/console/staff/{mio}/owner", PEOPLE, {}, True),
        ("/console/staff/{mio}/reset-second-factor", PEOPLE, {}, True),
        ("/console/staff/{former_owner}/enable", PEOPLE, {}, True),
        ("/console/staff/{mio}/enable", PEOPLE, {}, False),
        ("/console/staff/{mio}/disable", PEOPLE, {}, False),
        ("/console/staff/{mio}/end-sessions", PEOPLE, {}, False),
        ("/console/staff/{mio}/on-duty", PEOPLE, {}, False),
        ("/console/account/name", ACCOUNT, {"name": "鈴木"}, False),
        ("/console/account/sessions/end", ACCOUNT, {}, False),
    ],
)
def test_which_forms_ask_for_the_password(
    owner: FlaskClient, path: str, page: str, form: Any, asks: bool
) -> None:
    with write_transaction():
        former = staff_accounts.add("former@example.jp", "前の人", "owner", chats.PASSWORD)
        staff_accounts.disable("former@example.jp")
    answer = post(owner, path.format(mio=mio().id, former_owner=former.id), page=page, **form)
    assert is_asked(answer) == asks
    assert asks or answer.status_code in {200, 303}


def test_an_owner_is_made_and_invited_once_the_password_is_there(owner: FlaskClient) -> None:
    person = mio()
    goes_on(owner, post(owner, f"/console/staff/{person.id}/owner", page=PEOPLE))
    assert Staff.get_by_id(person.id).role == Role.OWNER
    StaffSession.update(confirmed_at=None).execute()
    form: Any = {"name": "山田 花", "role": "owner"}
    page = goes_on(owner, post(owner, "/console/staff/invitations", page=PEOPLE, **form))
    assert "/console/join/" in page.text
    assert [each.role for each in invitations.pending()] == [Role.OWNER]


def test_wrong_passwords_change_nothing_and_lock_out_like_those_of_a_sign_in(owner: FlaskClient) -> None:
    page = wants_a_key(owner)
    for _ in range(lockout.MOST_PER_PAIR):
        page = goes_on(owner, page, "wrong password")
        assert page.status_code == 422
        assert "いまのパスワードが違います。" in page.text
        assert "お店のシステム" in page.text, "the form waits on"
    page = goes_on(owner, page)
    assert page.status_code == 429, "the right one comes too late"
    assert keys.all_keys() == []
    assert audit.page(None, None, None, None) == []
    answer = post(
        owner, f"{ACCOUNT}/password", page=ACCOUNT, old=chats.PASSWORD, new="tsukimi garasu enpitsu"
    )
    assert answer.status_code == 303
    assert staff_accounts.authenticate("owner@example.jp", chats.PASSWORD), "nor does another form take it"


def test_no_password_stands_on_the_page_that_asks(owner: FlaskClient) -> None:
    page = goes_on(owner, wants_a_key(owner), "my wrong password")
    assert "my wrong password" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def turn_on(client: FlaskClient) -> tuple[str, list[str]]:
    """Turn on a second factor; the secret and the recovery codes."""
    person = staff_accounts.find("owner@example.jp")
    assert person
    with write_transaction():
        second_factor.begin(person)
        shown = second_factor.to_confirm(person)
        assert shown
        assert second_factor.confirm(person, pyotp.TOTP(shown.secret).at(NOON))
        return shown.secret, second_factor.new_recovery_codes(person)


def test_with_a_second_factor_a_code_is_asked_for_as_well(owner: FlaskClient) -> None:
    secret, codes = turn_on(owner)
    with localtime.fixed(NOON + 4 * STEP):
        now = pyotp.TOTP(secret).at(NOON + 4 * STEP)
        page = post(owner, f"{SET_UP}/off", page=ACCOUNT)
        assert is_asked(page) and 'name="confirm_code"' in page.text
        for password, code in ((chats.PASSWORD, ""), (chats.PASSWORD, "000000"), ("wrong password", now)):
            refused = goes_on(owner, page, password, code)
            assert refused.status_code == 422
            assert "パスワードかコードが違います。" in refused.text
        assert second_factor.ids_with_second_factor()
        assert goes_on(owner, page, code=now).status_code == 303, "a wrong password used no code up"
        assert not second_factor.ids_with_second_factor()
    assert codes


def test_who_lost_the_telephone_confirms_by_a_recovery_code(owner: FlaskClient) -> None:
    _, codes = turn_on(owner)
    page = post(owner, f"{SET_UP}/off", page=ACCOUNT)
    assert goes_on(owner, page, code=codes[0]).status_code == 303
    assert not second_factor.ids_with_second_factor()


def test_a_new_password_takes_the_old_one_and_a_code(owner: FlaskClient) -> None:
    secret, _ = turn_on(owner)
    change, new = f"{ACCOUNT}/password", "tsukimi garasu enpitsu"
    with localtime.fixed(NOON + 4 * STEP):
        assert 'id="password-code"' in get(owner, ACCOUNT).text
        post(owner, change, page=ACCOUNT, old=chats.PASSWORD, new=new)
        assert not staff_accounts.authenticate("owner@example.jp", new)
        code = pyotp.TOTP(secret).at(NOON + 4 * STEP)
        post(owner, change, page=ACCOUNT, old=chats.PASSWORD, code=code, new=new)
        assert staff_accounts.authenticate("owner@example.jp", new)


def test_the_demos_people_have_no_passwords_and_go_on_by_a_button(owner: FlaskClient) -> None:
    config = settings.current()
    page = wants_a_key(owner)
    forged = wants_a_key(owner, confirm_in_demo="1")
    assert forged.status_code == 422, "only in the demo"
    assert keys.all_keys() == []
    settings.use(config.model_copy(update={"demo_dir": config.data_dir}))
    page = wants_a_key(owner)
    assert page.status_code == 200
    assert 'name="confirm_in_demo"' in page.text
    assert "デモではパスワードなしで" in page.text
    assert "goen_" in wants_a_key(owner, confirm_in_demo="1").text


def test_a_confirmation_ends_with_its_session(owner: FlaskClient) -> None:
    goes_on(owner, wants_a_key(owner))
    person = staff_accounts.find("owner@example.jp")
    assert person
    with write_transaction():
        sessions.end(person)
    assert post_without_page(owner).status_code in {303, 400}


def post_without_page(client: FlaskClient) -> Any:
    return client.post(KEYS, base_url=BASE, headers={"Referer": BASE + KEYS}, data=A_KEY)
