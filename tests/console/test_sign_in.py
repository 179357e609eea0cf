"""Signing in and out, and the lockout after wrong passwords."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from console.auth import lockout, staff_accounts
from console.auth.sign_in import safe_next
from console.auth.staff_accounts import StaffError
from tests.console import chats
from tests.console.conftest import SignIn, get, make_app, post

PAGE = "/console/sign-in"


def try_to_enter(client: FlaskClient, password: str = chats.PASSWORD, email: str = "staff@example.jp") -> int:
    """The response's status."""
    return int(post(client, PAGE, page=PAGE, email=email, password=password).status_code)


def test_the_right_password_lets_in_and_the_wrong_one_does_not(stranger: FlaskClient) -> None:
    chats.person()
    assert try_to_enter(stranger, "wrong password") == 422
    assert try_to_enter(stranger, email="nobody@example.jp") == 422
    assert get(stranger, "/console/tickets").status_code == 303
    assert try_to_enter(stranger, email=" STAFF@Example.jp ") == 303
    assert get(stranger, "/console/tickets").status_code == 200


def test_before_anybody_is_there_the_page_says_how_to_begin(stranger: FlaskClient) -> None:
    assert "オーナーの登録がまだです" in get(stranger, PAGE).text
    chats.person()
    assert "python manage.py staff add" not in get(stranger, PAGE).text


def test_five_wrong_passwords_lock_the_account_from_that_address_for_a_while(stranger: FlaskClient) -> None:
    chats.person()
    assert [try_to_enter(stranger, "wrong password") for _ in range(lockout.MOST_PER_PAIR)] == [422] * 5
    assert try_to_enter(stranger) == 429, "even the right one has to wait"
    with localtime.fixed(localtime.now() + lockout.WINDOW + timedelta(seconds=1)):
        assert try_to_enter(stranger) == 303


def test_one_address_cannot_go_through_many_accounts(stranger: FlaskClient) -> None:
    for number in range(lockout.MOST_PER_ADDRESS):
        try_to_enter(stranger, email=f"guess{number}@example.jp")
    assert try_to_enter(stranger, email="another@example.jp") == 429


def test_a_stranger_far_away_does_not_lock_the_owner_out(database: object) -> None:
    with write_transaction():
        for _ in range(lockout.MOST_PER_PAIR):
            lockout.begin_try("owner@example.jp", "203.0.113.7")
        assert lockout.begin_try("owner@example.jp", "203.0.113.7") is None
        assert lockout.begin_try("owner@example.jp", "192.0.2.1")


def test_the_right_password_clears_earlier_failures(stranger: FlaskClient) -> None:
    chats.person()
    for _ in range(3):
        for _ in range(lockout.MOST_PER_PAIR - 1):
            try_to_enter(stranger, "wrong password")
        assert try_to_enter(stranger) == 303
        stranger.delete_cookie("__Host-goen_console", domain="goen.example", path="/")


def test_the_sessions_cookie_is_hidden_from_scripts_and_other_sites(stranger: FlaskClient) -> None:
    chats.person()
    answer = post(stranger, PAGE, page=PAGE, email="staff@example.jp", password=chats.PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-goen_console=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_sign_in_of_before_the_update_goes_on_under_the_cookies_new_name(
    app: Flask, sign_in: SignIn
) -> None:
    signed_in = sign_in("staff").get_cookie("__Host-goen_console", domain="goen.example", path="/")
    assert signed_in is not None
    browser = app.test_client()
    browser.set_cookie("goen_console", signed_in.value, domain="goen.example", path="/console", secure=True)
    assert get(browser, "/console/account").status_code == 200
    assert browser.get_cookie("goen_console", domain="goen.example", path="/console") is None
    assert browser.get_cookie("__Host-goen_console", domain="goen.example", path="/") is not None
    assert get(browser, "/console/account").status_code == 200


def test_a_cookie_of_the_earlier_name_counts_for_nothing_beside_the_new_one(
    app: Flask, sign_in: SignIn
) -> None:
    client, other = sign_in("owner"), app.test_client()
    mine = client.get_cookie("__Host-goen_console", domain="goen.example", path="/")
    assert mine is not None
    other.set_cookie("goen_console", "forged", domain="goen.example", path="/console")
    assert get(other, "/console/account").status_code == 303
    client.set_cookie("goen_console", "forged", domain="goen.example", path="/console")
    assert get(client, "/console/account").status_code == 200


def test_a_visit_of_a_page_leaves_the_cookie_alone(sign_in: SignIn) -> None:
    """Otherwise the response to a request that began before a form was sent would restore the cookie of before
    the form."""
    client = sign_in("staff")
    get(client, "/console/tickets")
    assert "Set-Cookie" not in get(client, "/console/tickets/queue").headers


def test_signing_out_takes_a_post_and_ends_the_session(sign_in: SignIn) -> None:
    client = sign_in("staff")
    assert get(client, "/console/sign-out").status_code == 404
    assert post(client, "/console/sign-out").status_code == 303
    assert get(client, "/console/tickets").status_code == 303


def test_a_new_password_or_a_disabled_account_ends_every_session(sign_in: SignIn) -> None:
    client = sign_in("staff")
    with write_transaction():
        staff_accounts.reset_password("staff@example.jp", "another long password")
    assert get(client, "/console/tickets").status_code == 303
    assert try_to_enter(client, "another long password") == 303
    with write_transaction():
        assert staff_accounts.disable("staff@example.jp")
    assert get(client, "/console/tickets").status_code == 303
    assert try_to_enter(client, "another long password") == 422


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console/",
        "//evil.example/console/",
        "/console/../callback",
        "/\\evil.example",
        "javascript:1",
        "/api/v1",
        "",
    ],
)
def test_next_never_leads_out_of_the_console(app: object, stranger: FlaskClient, wanted: str) -> None:
    with stranger.application.test_request_context():
        assert safe_next(wanted) == "/console/"


def test_next_leads_back_to_the_page_that_was_asked_for(stranger: FlaskClient) -> None:
    chats.person()
    away = get(stranger, "/console/tickets?view=mine")
    assert away.headers["Location"].endswith("next=/console/tickets?view%3Dmine")
    wanted = "/console/tickets?view=mine"
    answer = post(stranger, PAGE, page=PAGE, email="staff@example.jp", password=chats.PASSWORD, next=wanted)
    assert answer.headers["Location"] == wanted


def test_one_click_sign_in_exists_in_the_demo_alone(stranger: FlaskClient, tmp_path: object) -> None:
    owner = chats.person(role="owner")
    assert get(stranger, "/console/demo-sign-in/owner").status_code == 404
    config = settings.current()
    settings.use(config.model_copy(update={"demo_dir": config.data_dir}))
    demo = make_app(settings.current()).test_client()
    assert get(demo, "/console/demo-sign-in/root").status_code == 404
    assert get(demo, "/console/demo-sign-in/owner").status_code == 303
    assert owner.name in get(demo, "/console/figures").text, "whoever is there already"
    assert get(demo, "/console/demo-sign-in/staff").status_code == 303
    assert get(demo, "/console/figures").status_code == 403, "made at the first click"


def test_what_is_wrong_with_a_new_person_is_said(database: object) -> None:
    for values, why in (
        (("hana", "はな", "staff", chats.PASSWORD), "no e-mail address"),
        (("hana@example.jp", " ", "staff", chats.PASSWORD), "needs a name"),
        (("hana@example.jp", "はな", "boss", chats.PASSWORD), "owner or staff"),
        (("hana@example.jp", "はな", "staff", "short"), "10 to 200 characters"),
    ):
        with pytest.raises(StaffError, match=why), write_transaction():
            staff_accounts.add(*values)
    chats.person()
    with pytest.raises(StaffError, match="there already"):
        chats.person()


def test_the_language_is_the_persons_own(sign_in: SignIn) -> None:
    client = sign_in("staff")
    assert "チャットを選んで" in get(client, "/console/tickets").text
    answer = post(client, "/console/language/en", next="/console/tickets?view=mine")
    assert answer.headers["Location"] == "/console/tickets?view=mine"
    assert "Choose a chat" in get(client, "/console/tickets").text
    assert post(client, "/console/language/xx").status_code == 404


def test_passwords_are_stored_as_argon2_hashes(database: object) -> None:
    person = chats.person()
    assert person.password_hash.startswith("$argon2id$")
    assert chats.PASSWORD not in person.password_hash
