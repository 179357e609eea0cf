"""Simulates a LINE Login channel: its refusals, authorization codes and ID tokens.

https://developers.line.biz/en/reference/line-login/ and, for the page that people see,
https://developers.line.biz/en/docs/line-login/integrate-line-login/
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from demo.line.accounts import Person
from demo.line.refusals import Refusal

ISSUER = "https://access.line.me"
CODE_SECONDS = 10 * 60.0
TOKEN_SECONDS = 3600
CHALLENGE = re.compile(r"\A[A-Za-z0-9_-]{43}\Z")
SCOPES = {"openid", "profile", "email"}


@dataclass(frozen=True)
class Asked:
    """An authorization request that LINE would show its consent page for."""

    redirect_uri: str
    state: str
    scopes: frozenset[str]
    nonce: str
    challenge: str
    offers_friendship: bool


@dataclass
class _Code:
    user_id: str
    name: str
    asked: Asked
    given_at: float


@dataclass
class LoginChannel:
    """The channel. Refuses everything until `open()` sets its id, its secret and the callback URLs."""

    now: Callable[[], float]
    channel_id: str = ""
    secret: str = ""
    callbacks: tuple[str, ...] = ()
    _codes: dict[str, _Code] = field(default_factory=dict)

    def open(self, channel_id: str, secret: str, *callbacks: str) -> None:
        """Set id, secret and callback URLs, as in LINE's developer console."""
        self.channel_id, self.secret, self.callbacks = channel_id, secret, callbacks

    def read(self, asked: Mapping[str, str]) -> Asked:
        """The parameters of an authorization request. Raises Refusal with what LINE's page would show instead."""
        if not self.channel_id or asked.get("client_id") != self.channel_id:
            raise _bad_request(
                "Invalid client_id value. Check if it is registered in a LINE developers site."
            )
        if asked.get("redirect_uri", "").partition("?")[0] not in self.callbacks:
            raise _bad_request(
                "Invalid redirect_uri value. Check if it is registered in a LINE developers site."
            )
        if asked.get("response_type") != "code":
            raise _bad_request("Invalid response_type value.")
        if not asked.get("state"):
            raise _bad_request("'state' is not specified.")
        scopes = frozenset(asked.get("scope", "").split())
        if not scopes or not scopes <= SCOPES:
            raise _bad_request("Invalid scope value.")
        challenge = asked.get("code_challenge", "")
        if challenge or "code_challenge_method" in asked:
            fits = CHALLENGE.match(challenge)
            if asked.get("code_challenge_method") != "S256" or not fits:
                raise _bad_request("Invalid code_challenge value.")
        if asked.get("bot_prompt", "normal") not in {"normal", "aggressive"}:
            raise _bad_request("Invalid bot_prompt value.")
        return Asked(
            asked["redirect_uri"],
            asked["state"],
            scopes,
            asked.get("nonce", ""),
            challenge,
            "bot_prompt" in asked,
        )

    def agreed(self, asked: Asked, person: Person, *, became_friend: bool) -> str:
        """The callback URL with a code that can be used once: the person agreed."""
        code = secrets.token_urlsafe(15)
        self._codes[code] = _Code(person.user_id, person.name, asked, self.now())
        changed = {"friendship_status_changed": "true" if became_friend else "false"}
        return _back(asked, {"code": code} | (changed if asked.offers_friendship else {}))

    def declined(self, asked: Asked) -> str:
        """The callback URL with the error: the person declined."""
        return _back(
            asked,
            {"error": "access_denied", "error_description": "The resource owner denied the request."},
        )

    def token(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Exchange a code for tokens, once."""
        if form.get("grant_type") != "authorization_code":
            raise _refused("unsupported_grant_type", "invalid grant_type")
        if form.get("client_id") != self.channel_id or form.get("client_secret") != self.secret:
            raise _refused("invalid_client", "invalid client_secret")
        given = self._codes.pop(form.get("code", ""), None)
        if given is None or self.now() - given.given_at > CODE_SECONDS:
            raise _refused("invalid_grant", "invalid authorization code")
        if form.get("redirect_uri") != given.asked.redirect_uri:
            raise _refused("invalid_grant", "redirect_uri does not match")
        if given.asked.challenge:
            hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if _base64url(hashed) != given.asked.challenge:
                raise _refused("invalid_grant", "code_verifier does not match")
        answer: dict[str, Any] = {
            "access_token": secrets.token_urlsafe(40),
            "expires_in": 2_592_000,
            "refresh_token": secrets.token_urlsafe(15),
            "scope": " ".join(sorted(given.asked.scopes)),
            "token_type": "Bearer",
        }
        return answer | ({"id_token": self._id_token(given)} if "openid" in given.asked.scopes else {})

    def verify(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The claims of an ID token, if it is ours, valid, and what the shop expects."""
        signed, _, signature = form.get("id_token", "").rpartition(".")
        if not signed or not hmac.compare_digest(self._signature(signed).encode(), signature.encode()):
            raise _refused("invalid_request", "Invalid IdToken.")
        claims: dict[str, Any] = json.loads(_from_base64url(signed.partition(".")[2]))
        faults = (
            ("IdToken expired.", claims["exp"] <= self.now()),
            ("Invalid IdToken Audience.", form.get("client_id") != claims["aud"]),
            ("Invalid IdToken Nonce.", "nonce" in form and form["nonce"] != claims.get("nonce")),
            (
                "Invalid IdToken Subject Identifier.",
                "user_id" in form and form["user_id"] != claims["sub"],
            ),
        )
        for sentence, holds in faults:
            if holds:
                raise _refused("invalid_request", sentence)
        return claims

    def _id_token(self, given: _Code) -> str:
        now = int(self.now())
        claims: dict[str, Any] = {"iss": ISSUER, "sub": given.user_id, "aud": self.channel_id}
        claims |= {"exp": now + TOKEN_SECONDS, "iat": now, "amr": ["linesso"]}
        claims |= {"nonce": given.asked.nonce} if given.asked.nonce else {}
        claims |= {"name": given.name} if "profile" in given.asked.scopes else {}
        head, body = ({"typ": "JWT", "alg": "HS256"}, claims)
        signed = ".".join(_base64url(json.dumps(part).encode()) for part in (head, body))
        return f"{signed}.{self._signature(signed)}"

    def _signature(self, signed: str) -> str:
        return _base64url(hmac.new(self.secret.encode(), signed.encode(), hashlib.sha256).digest())


def _back(asked: Asked, answer: dict[str, str]) -> str:
    mark = "&" if "?" in asked.redirect_uri else "?"
    return f"{asked.redirect_uri}{mark}{urlencode(answer | {'state': asked.state})}"


def _bad_request(sentence: str) -> Refusal:
    return Refusal(400, f"400 Bad Request. {sentence}")


def _refused(error: str, description: str) -> Refusal:
    return Refusal(400, {"error": error, "error_description": description, "message": description})


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _from_base64url(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
