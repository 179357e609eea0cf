"""A second factor: set up and confirmed, asked for after the password, each code once, and who may reset it."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from console.auth import lockout, second_factor, staff_accounts
from console.auth.second_factor import SecondFactor
from console.auth.sign_in import CODE_WITHIN
from console.auth.staff_accounts import Role, Staff
from console.shell import audit
from tests.console import chats
from tests.console.conftest import SignIn, confirm_all, get, post

ACCOUNT, SET_UP, SIGN_IN, CODE, PEOPLE = (
    "/console/account",
    "/console/account/second-factor",
    "/console/sign-in",
    "/console/sign-in/code",
    "/console/staff",
)
NOON = datetime(2026, 7, 1, 3, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)


def code(secret: str, at: datetime = NOON) -> str:
    """The code the authenticator app shows."""
    return pyotp.TOTP(secret).at(at)


def other_than(right: str) -> str:
    """Six digits that are not the right ones."""
    return f"{(int(right) + 1) % 1_000_000:06}"


def begin(client: FlaskClient) -> str:
    """The secret that the set-up page shows."""
    assert post(client, f"{SET_UP}/begin", page=ACCOUNT).headers["Location"] == SET_UP
    address = re.search(r'href="(otpauth://[^"]+)"', get(client, SET_UP).text)
    assert address
    return parse_qs(urlsplit(html.unescape(address[1])).query)["secret"][0]


def turn_on(client: FlaskClient) -> tuple[str, list[str]]:
    """Set it up a step before noon; the secret and the recovery codes."""
    secret = begin(client)
    with localtime.fixed(NOON - 2 * STEP):
        page = post(client, f"{SET_UP}/confirm", page=SET_UP, code=code(secret, NOON - 2 * STEP)).text
    return secret, re.findall(r"<li><code>([a-z2-7-]{19})</code>", page)


def half_way(app: Flask, role: str = "staff", next: str = "") -> FlaskClient:
    """A client that gave the right password and has yet to give the code."""
    client = app.test_client()
    email = f"{role}@example.jp"
    answer = post(client, SIGN_IN, page=SIGN_IN, email=email, password=chats.PASSWORD, next=next)
    assert answer.headers["Location"] == CODE
    return client


def give(client: FlaskClient, *, code: str = "", recovery: str = "") -> int:
    """The response's status: 303 means signed in."""
    return int(post(client, CODE, page=CODE, code=code, recovery=recovery).status_code)


def is_in(client: FlaskClient) -> bool:
    return bool(get(client, ACCOUNT).status_code == 200)


def me() -> Staff:
    found = staff_accounts.find("staff@example.jp")
    assert found
    return found


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with localtime.fixed(NOON):
        yield


def test_it_is_on_when_a_code_has_confirmed_it(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("staff")
    secret = begin(client)
    assert post(client, f"{SET_UP}/confirm", page=SET_UP, code=other_than(code(secret))).status_code == 422
    assert not second_factor.is_on(me())
    page = post(client, f"{SET_UP}/confirm", page=SET_UP, code=code(secret)).text
    assert len(re.findall(r"<li><code>", page)) == 10
    assert second_factor.is_on(me())
    assert get(client, SET_UP).headers["Location"] == ACCOUNT, "the secret is shown no more"
    assert [entry.kind for entry in audit.page(None, None, None, None)] == [
        "confirm_second_factor",
        "begin_second_factor",
    ]


def test_a_set_up_that_is_left_alone_begins_anew(sign_in: SignIn) -> None:
    client = sign_in("staff")
    secret, later = begin(client), NOON + second_factor.CONFIRM_WITHIN + timedelta(seconds=1)
    with localtime.fixed(later):
        assert get(client, SET_UP).headers["Location"] == ACCOUNT
        confirm_all()
        answer = post(client, f"{SET_UP}/confirm", page=ACCOUNT, code=code(secret, later))
        assert answer.headers["Location"] == ACCOUNT
        assert not second_factor.is_on(me())
        assert begin(client) != secret


def test_an_app_is_given_the_shop_the_person_and_the_secret(sign_in: SignIn) -> None:
    client = sign_in("staff")
    secret = begin(client)
    page = get(client, SET_UP).text
    address = unquote(html.unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1]))  # type: ignore[index]
    assert address.startswith(f"otpauth://totp/ひだまり堂:staff@example.jp?secret={secret}&")
    assert re.sub(" ", "", re.search(r'class="secret[^>]*><code>([^<]+)', page)[1]) == secret  # type: ignore[index]
    assert len(secret) == 32


def test_the_secret_is_not_in_the_database(sign_in: SignIn) -> None:
    secret, codes = turn_on(sign_in("staff"))
    rows = str(list(SecondFactor.select().dicts())) + str(list(second_factor.RecoveryCode.select().dicts()))
    assert secret not in rows
    assert not any(each in rows or each.replace("-", "") in rows for each in codes)
    config = settings.current()
    settings.use(config.model_copy(update={"secret_key": "another secret key"}))
    with write_transaction():
        assert not second_factor.accept(me(), code(secret)), "the salt is worth nothing without SECRET_KEY"


def test_the_password_alone_opens_nothing(app: Flask, sign_in: SignIn) -> None:
    secret, _ = turn_on(sign_in("staff"))
    client = half_way(app, next="/console/tickets?view=mine")
    assert not is_in(client)
    assert give(client, code=other_than(code(secret))) == 422
    assert not is_in(client)
    answer = post(client, CODE, page=CODE, code=code(secret))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/tickets?view=mine")
    assert is_in(client)


def test_whoever_guesses_passwords_cannot_find_out_who_has_it(app: Flask, sign_in: SignIn) -> None:
    turn_on(sign_in("staff"))
    chats.person("鈴木 一郎", "owner")
    answers = []
    for email in ("staff@example.jp", "owner@example.jp", "nobody@example.jp"):
        client = app.test_client()
        answer = post(client, SIGN_IN, page=SIGN_IN, email=email, password="wrong password")
        body = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(email, "")
        answers.append((answer.status_code, body, answer.headers.get("Location")))
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(("aside", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_the_phones_clock_may_be_one_step_off(app: Flask, sign_in: SignIn, aside: int, status: int) -> None:
    client = sign_in("staff")
    secret = begin(client)
    with localtime.fixed(NOON - 10 * STEP):
        post(client, f"{SET_UP}/confirm", page=SET_UP, code=code(secret, NOON - 10 * STEP))
    assert give(half_way(app), code=code(secret, NOON + aside * STEP)) == status


def test_a_code_lets_in_once_and_an_earlier_one_not_afterwards(app: Flask, sign_in: SignIn) -> None:
    secret, _ = turn_on(sign_in("staff"))
    assert give(half_way(app), code=code(secret)) == 303
    assert give(half_way(app), code=code(secret)) == 422
    assert give(half_way(app), code=code(secret, NOON - STEP)) == 422
    assert give(half_way(app), code=code(secret, NOON + STEP)) == 303


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", "　{0}{1} "])
def test_a_code_may_be_typed_with_blanks_and_wide_digits(app: Flask, sign_in: SignIn, typed: str) -> None:
    secret, _ = turn_on(sign_in("staff"))
    shown = code(secret)
    wide = shown[:3].translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    assert give(half_way(app), code=typed.format(wide, shown[3:])) == 303


def test_wrong_codes_lock_out_and_the_password_does_not_reset_the_count(app: Flask, sign_in: SignIn) -> None:
    secret, _ = turn_on(sign_in("staff"))
    wrong = other_than(code(secret))
    answers = [give(half_way(app), code=wrong) for _ in range(lockout.MOST_PER_PAIR)]
    assert answers == [422] * lockout.MOST_PER_PAIR
    client = app.test_client()
    for password in (chats.PASSWORD, "wrong password"):
        answer = post(client, SIGN_IN, page=SIGN_IN, email="staff@example.jp", password=password)
        assert answer.status_code == 429
    later = NOON + lockout.WINDOW + timedelta(seconds=1)
    with localtime.fixed(later):
        assert give(half_way(app), code=code(secret, later)) == 303


def test_the_lockout_also_holds_between_password_and_code(app: Flask, sign_in: SignIn) -> None:
    secret, codes = turn_on(sign_in("staff"))
    client = half_way(app)
    for _ in range(lockout.MOST_PER_PAIR):
        give(client, recovery="aaaa-aaaa-aaaa-aaaa")
    assert give(client, code=code(secret)) == 429
    assert give(client, recovery=codes[0]) == 429


def test_the_step_between_password_and_code_ends_by_time_by_a_new_password_and_by_a_reset(
    app: Flask, sign_in: SignIn
) -> None:
    turn_on(sign_in("staff"))
    late, changed = half_way(app), half_way(app)
    with localtime.fixed(NOON + CODE_WITHIN + timedelta(seconds=1)):
        assert get(late, CODE).headers["Location"] == SIGN_IN
    assert get(changed, CODE).status_code == 200
    with write_transaction():
        staff_accounts.reset_password("staff@example.jp", chats.PASSWORD)
    assert get(changed, CODE).headers["Location"] == SIGN_IN
    reset = half_way(app)
    with write_transaction():
        second_factor.forget(me())
    assert get(reset, CODE).headers["Location"] == SIGN_IN
    assert get(app.test_client(), CODE).headers["Location"] == SIGN_IN, "and nobody begins there"


def test_a_recovery_code_lets_in_once(app: Flask, sign_in: SignIn) -> None:
    _, codes = turn_on(sign_in("staff"))
    client = half_way(app)
    assert give(client, recovery=codes[3].upper().replace("-", " ")) == 303
    assert "残りは9個です" in get(client, ACCOUNT).text
    assert give(half_way(app), recovery=codes[3]) == 422
    assert give(half_way(app), recovery=codes[4]) == 303


def test_new_recovery_codes_end_the_old_and_turning_off_ends_all(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("staff")
    _, old = turn_on(client)
    page = post(client, f"{SET_UP}/codes", page=ACCOUNT).text
    new = re.findall(r"<li><code>([a-z2-7-]{19})</code>", page)
    assert (len(new), set(new) & set(old)) == (10, set())
    assert give(half_way(app), recovery=old[0]) == 422
    post(client, f"{SET_UP}/off", page=ACCOUNT)
    again = app.test_client()
    answer = post(again, SIGN_IN, page=SIGN_IN, email="staff@example.jp", password=chats.PASSWORD)
    assert answer.headers["Location"] == "/console/"
    kinds = [entry.kind for entry in audit.page(None, None, None, None)]
    assert kinds[:2] == ["end_second_factor", "make_recovery_codes"]


def test_turning_it_on_signs_other_devices_out(app: Flask, sign_in: SignIn) -> None:
    first, second = sign_in("staff"), app.test_client()
    post(second, SIGN_IN, page=SIGN_IN, email="staff@example.jp", password=chats.PASSWORD)
    assert is_in(second)
    turn_on(first)
    assert is_in(first) and not is_in(second)


def test_the_owner_resets_a_colleagues_and_not_the_own(app: Flask, sign_in: SignIn) -> None:
    owner, colleague = sign_in("owner"), sign_in("staff")
    turn_on(colleague)
    turn_on(owner)
    number, own = me().id, Staff.get(Staff.role == Role.OWNER).id
    page = get(owner, PEOPLE).text
    assert f"/console/staff/{number}/reset-second-factor" in page
    assert f"/console/staff/{own}/reset-second-factor" not in page
    assert post(owner, f"/console/staff/{own}/reset-second-factor", page=PEOPLE).status_code == 404
    assert post(colleague, f"/console/staff/{own}/reset-second-factor").status_code == 403
    post(owner, f"/console/staff/{number}/reset-second-factor", page=PEOPLE)
    assert second_factor.ids_with_second_factor() == {own}
    assert second_factor.recovery_codes_left(me()) == 0
    newest = audit.page(None, "change_staff", None, None)[0]
    assert newest.about == f'{{"staff_id": {number}, "change": "reset-second-factor"}}'


def test_where_owners_need_a_second_factor_they_set_it_up_first(app: Flask, sign_in: SignIn) -> None:
    owner, colleague = sign_in("owner"), sign_in("staff")
    settings.use(settings.current().model_copy(update={"console_owners_need_second_factor": True}))
    for path in ("/console/tickets", "/console/figures", PEOPLE):
        assert get(owner, path).headers["Location"] == ACCOUNT
    assert get(owner, "/console/tickets/queue", **{"HX-Request": "true"}).headers["HX-Redirect"] == ACCOUNT
    assert post(owner, "/console/staff/invitations", page=ACCOUNT).headers["Location"] == ACCOUNT
    assert "設定がすむまで" in get(owner, ACCOUNT).text
    assert get(colleague, "/console/tickets").status_code == 200
    assert "設定がすむまで" not in get(colleague, ACCOUNT).text
    turn_on(owner)
    assert get(owner, "/console/figures").status_code == 200
    assert "設定がすむまで" not in get(owner, ACCOUNT).text


def test_the_demo_asks_for_none(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    config = settings.current()
    needed = {"console_owners_need_second_factor": True, "demo_dir": config.data_dir}
    settings.use(config.model_copy(update=needed))
    assert get(owner, "/console/figures").status_code == 200
