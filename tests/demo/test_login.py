"""The simulated LINE Login refuses what LINE refuses, in LINE's words."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from demo.line.accounts import Friendship
from demo.phone.client import Handset
from demo.phone.platform import Platform
from tests.demo.conftest import ManualClock

CALLBACK = "https://shop.example/line-login"
VERIFIER = "v" * 43
ASKED = {
    "response_type": "code",
    "client_id": "2000000001",
    "redirect_uri": CALLBACK,
    "state": "state1",
    "scope": "openid profile",
    "nonce": "nonce1",
    "bot_prompt": "aggressive",
    "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .rstrip(b"=")
    .decode(),
    "code_challenge_method": "S256",
}
CLIENT = {"client_id": "2000000001", "client_secret": "login-secret"}
TOKEN_REQUEST = {
    "grant_type": "authorization_code",
    "redirect_uri": CALLBACK,
    "code_verifier": VERIFIER,
} | CLIENT


@pytest.fixture
def client(platform: Platform) -> FlaskClient:
    platform.channel.login.open("2000000001", "login-secret", CALLBACK)
    return platform.app.test_client()


@pytest.fixture
def hana(platform: Platform) -> Handset:
    return platform.handset("花")


def agrees(client: FlaskClient, hana: Handset, **form: str) -> dict[str, str]:
    answer = client.post("/oauth2/v2.1/authorize", data=ASKED | {"person": hana.user_id} | form)
    assert answer.status_code == 303
    assert answer.location.startswith(f"{CALLBACK}?")
    return dict(parse_qsl(urlsplit(answer.location).query))


def code_of(client: FlaskClient, hana: Handset) -> str:
    return agrees(client, hana, allow="1")["code"]


def refused(client: FlaskClient, path: str, **form: str) -> str:
    answer = client.post(f"/oauth2/v2.1/{path}", data=form)
    assert answer.status_code == 400
    fields: dict[str, Any] = answer.get_json()
    return f"{fields['error']}: {fields['error_description']}"


def test_a_person_agrees_becomes_a_friend_and_the_shop_learns_who_it_was(
    client: FlaskClient, hana: Handset
) -> None:
    page = client.get(f"/oauth2/v2.1/authorize?{urlencode(ASKED)}")
    assert page.status_code == 200
    assert "花" in page.get_data(as_text=True)

    back = agrees(client, hana, allow="1", friend="1")
    assert back["state"] == "state1"
    assert back["friendship_status_changed"] == "true"
    assert hana.person.friendship is Friendship.FRIEND
    granted = client.post("/oauth2/v2.1/token", data=TOKEN_REQUEST | {"code": back["code"]}).get_json()
    fields = client.post(
        "/oauth2/v2.1/verify",
        data={"id_token": granted["id_token"], "client_id": "2000000001", "nonce": "nonce1"},
    ).get_json()

    assert fields["sub"] == hana.user_id
    assert (fields["iss"], fields["aud"]) == ("https://access.line.me", "2000000001")


def test_a_person_may_decline(client: FlaskClient, hana: Handset) -> None:
    back = agrees(client, hana, cancel="1", friend="1")
    assert back["error"] == "access_denied"
    assert "code" not in back
    assert hana.person.friendship is Friendship.STRANGER


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("client_id", "2000000002", "Invalid client_id"),
        ("redirect_uri", "https://evil.example/line-login", "Invalid redirect_uri"),
        ("redirect_uri", f"{CALLBACK}/", "Invalid redirect_uri"),
        ("response_type", "token", "Invalid response_type"),
        ("state", "", "'state' is not specified"),
        ("scope", "openid friends", "Invalid scope"),
        ("code_challenge", "short", "Invalid code_challenge"),
        ("code_challenge_method", "plain", "Invalid code_challenge"),
        ("bot_prompt", "always", "Invalid bot_prompt"),
    ],
)
def test_what_is_asked_wrongly_is_shown_to_nobody(
    name: str, value: str, said: str, client: FlaskClient
) -> None:
    answer = client.get(f"/oauth2/v2.1/authorize?{urlencode(ASKED | {name: value})}")
    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("grant_type", "password", "unsupported_grant_type"),
        ("client_secret", "another", "invalid_client"),
        ("code", "made-up", "invalid_grant: invalid authorization code"),
        ("redirect_uri", "https://shop.example/", "invalid_grant: redirect_uri does not match"),
        ("code_verifier", "w" * 43, "invalid_grant: code_verifier does not match"),
        ("code_verifier", "", "invalid_grant: code_verifier does not match"),
    ],
)
def test_a_code_is_exchanged_by_who_asked_for_it_alone(
    name: str, value: str, said: str, client: FlaskClient, hana: Handset
) -> None:
    fields = TOKEN_REQUEST | {"code": code_of(client, hana)} | {name: value}
    assert refused(client, "token", **fields).startswith(said)


def test_a_code_is_good_once_and_for_ten_minutes(
    client: FlaskClient, hana: Handset, manual_clock: ManualClock
) -> None:
    code = code_of(client, hana)
    assert client.post("/oauth2/v2.1/token", data=TOKEN_REQUEST | {"code": code}).status_code == 200
    assert "invalid authorization code" in refused(client, "token", **TOKEN_REQUEST, code=code)

    code = code_of(client, hana)
    manual_clock.forward(601)
    assert "invalid authorization code" in refused(client, "token", **TOKEN_REQUEST, code=code)


def test_an_id_token_is_vouched_for_as_it_was_made_and_for_an_hour(
    client: FlaskClient, hana: Handset, manual_clock: ManualClock
) -> None:
    granted = client.post(
        "/oauth2/v2.1/token", data=TOKEN_REQUEST | {"code": code_of(client, hana)}
    ).get_json()
    good = {"id_token": granted["id_token"], "client_id": "2000000001"}
    head, body, signature = granted["id_token"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "U" + "0" * 32}).encode()).decode()

    assert refused(client, "verify", **good | {"nonce": "other"}).endswith("Invalid IdToken Nonce.")
    assert refused(client, "verify", **good | {"client_id": "1"}).endswith("Invalid IdToken Audience.")
    forged_token = f"{head}.{forged.rstrip('=')}.{signature}"
    assert refused(client, "verify", **good | {"id_token": forged_token}).endswith("Invalid IdToken.")
    assert refused(client, "verify", id_token="", client_id="2000000001").endswith("Invalid IdToken.")
    manual_clock.forward(3601)
    assert refused(client, "verify", **good).endswith("IdToken expired.")


def test_without_pkce_and_bot_prompt_none_is_asked_for(client: FlaskClient, hana: Handset) -> None:
    fewer = {name: value for name, value in ASKED.items() if not name.startswith(("code_", "bot_"))}
    answer = client.post(
        "/oauth2/v2.1/authorize", data=fewer | {"person": hana.user_id, "allow": "1", "friend": "1"}
    )
    back = parse_qs(urlsplit(answer.location).query)
    assert "friendship_status_changed" not in back
    assert hana.person.friendship is Friendship.STRANGER
    fields = {name: value for name, value in TOKEN_REQUEST.items() if name != "code_verifier"}
    assert client.post("/oauth2/v2.1/token", data=fields | {"code": back["code"][0]}).status_code == 200
