"""Signs people in with LINE Login: where they are sent to, and whose LINE account it was when they come back.

No token is stored: the ID token is verified once and dropped. The nonce and PKCE's verifier are derived from
the state and our own key, so that only the state must be remembered in between.
https://developers.line.biz/en/docs/line-login/integrate-line-login/
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from typing import Any
from urllib.parse import urlencode

import urllib3

from bot.config import settings
from bot.config.setting_kinds import LINE_LOGIN

CALLBACK = "/line-login"
ISSUER = LINE_LOGIN
"""The issuer in an ID token, also when LINE_LOGIN_URL is a stand-in of LINE."""
USER_ID = re.compile(r"\AU[0-9a-f]{32}\Z")
_FAULT = re.compile(r"\A[a-z_]{1,40}\Z")
_http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=3, read=5))


class LoginRefused(Exception):
    """LINE did not confirm this sign-in. The text says which step failed, and nothing of the person."""


def callback_url() -> str:
    """Where people come back to: the callback URL to be set for the LINE Login channel."""
    return settings.current().public_url + CALLBACK


def new_state(about: str) -> str:
    """Letters and digits that nobody can predict, followed by what the sign-in is about."""
    return secrets.token_hex(16) + about


def address(state: str) -> str:
    """LINE's page on which the person agrees; adding the shop as a friend is offered on a page of its own
    after it.
    https://developers.line.biz/en/docs/line-login/link-a-bot/"""
    config = settings.current()
    challenge = hashlib.sha256(_derived(state, "verifier").encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": config.line_login_channel_id,
        "redirect_uri": callback_url(),
        "state": state,
        "scope": "openid profile",
        "nonce": _derived(state, "nonce"),
        "bot_prompt": "aggressive",
        "code_challenge": _base64url(challenge),
        "code_challenge_method": "S256",
    }
    return f"{config.line_login_url}/oauth2/v2.1/authorize?{urlencode(asked)}"


def who(state: str, code: str) -> str:
    """The LINE user id of the person who came back with that code; the same id as in the chat when both channels
    belong to one provider. Raises LoginRefused."""
    config = settings.current()
    client = {"client_id": config.line_login_channel_id}
    granted = _ask(
        "token",
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback_url(),
            "client_secret": config.line_login_channel_secret,
            "code_verifier": _derived(state, "verifier"),
        }
        | client,
    )
    nonce = _derived(state, "nonce")
    claims = _ask("verify", {"id_token": granted.get("id_token"), "nonce": nonce} | client)
    expected = {"iss": ISSUER, "aud": config.line_login_channel_id, "nonce": nonce}
    if {name: claims.get(name) for name in expected} != expected:
        raise LoginRefused("verify: the ID token is another's")
    user_id = claims.get("sub")
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise LoginRefused("verify: the ID token names nobody")
    return user_id


def _ask(step: str, fields: dict[str, Any]) -> dict[str, Any]:
    form_body = urlencode({name: value for name, value in fields.items() if value is not None})
    try:
        answer = _http.request(
            "POST",
            f"{settings.current().line_api_url}/oauth2/v2.1/{step}",
            body=form_body,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            redirect=False,
        )
        payload = json.loads(answer.data)
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise LoginRefused(f"{step}: {type(error).__name__}") from None
    if not isinstance(payload, dict) or answer.status != 200:
        fault = payload.get("error") if isinstance(payload, dict) else None
        known = fault if isinstance(fault, str) and _FAULT.match(fault) else "no error named"
        raise LoginRefused(f"{step}: {answer.status} {known}")
    return payload


def _derived(state: str, purpose: str) -> str:
    key = settings.current().secret_key.encode()
    return _base64url(hmac.new(key, f"line-login:{purpose}:{state}".encode(), hashlib.sha256).digest())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
