"""Authenticates API requests, reads their bodies and builds error answers; what a request does is in the
modules that define its path. Every error names the field and a value that would be accepted.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

from flask import Blueprint, Response, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from bot.db.database import write_transaction
from customers.api import idempotency, keys
from customers.api.answers import Fault, refusal
from customers.api.keys import ApiKey
from customers.values.faults import EXAMPLES, Problem

LARGEST_BODY_BYTES = 256 * 1024
PREFIX = "/api/v1"

_IDEMPOTENCY_KEY = re.compile(r"\A[\x21-\x7e]{1,255}\Z")


class RequestRate:
    """So many requests in each window of seconds for each caller; counted in this process's memory, which is enough
    against a loop."""

    def __init__(
        self, most: int, window_seconds: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self.window_seconds = window_seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._window = -1
        self._counts: dict[int, int] = {}

    def wait_seconds(self, caller: int) -> int:
        """0 when the caller may go on, else how long to wait."""
        now = self._monotonic()
        window = int(now // self.window_seconds)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            count = self._counts[caller] = self._counts.get(caller, 0) + 1
        return 0 if count <= self.most else max(1, round((window + 1) * self.window_seconds - now))


rate = RequestRate(most=600, window_seconds=60)


class Refused(Exception):
    """A request that is refused; carries the HTTP status, the errors and the headers of the answer."""

    def __init__(self, status: int, faults: list[Fault], headers: dict[str, str] | None = None) -> None:
        super().__init__(faults[0].message)
        self.status = status
        self.faults = faults
        self.headers = headers or {}


def register(api: Blueprint) -> None:
    """Installs the error answers, those for unknown paths and wrong methods included."""
    api.register_error_handler(Refused, refused)
    api.app_errorhandler(404)(no_such_path)
    api.app_errorhandler(405)(no_such_method)


def refused(reason: Refused) -> Response:
    """The HTTP answer for a refused request."""
    answer = as_json(reason.status, refusal(reason.faults))
    answer.headers.update(reason.headers)
    return answer


def no_such_path(error: NotFound) -> Response | HTTPException:
    """404 in JSON for an unknown path of the API; errors of other paths are passed through."""
    if not request.path.startswith(f"{PREFIX}/"):
        return error
    message = worded(
        "このアドレスのAPIはありません。つづりを確かめてください。",
        f"There is no such path. What there is: {PREFIX}/openapi.json",
    )
    return as_json(404, refusal([Fault(code="unknown_path", message=message, field=None, example=None)]))


def no_such_method(error: MethodNotAllowed) -> Response | HTTPException:
    """405 in JSON, with the allowed methods, for a path of the API; other errors are passed through."""
    if not request.path.startswith(f"{PREFIX}/"):
        return error
    allowed = ", ".join(sorted(set(error.valid_methods or ()) - {"HEAD", "OPTIONS"}))
    message = worded(
        f"このアドレスでは {request.method} は使えません。使えるもの: {allowed}",
        f"This path does not take {request.method}. It takes: {allowed}",
    )
    fault = Fault(code="wrong_method", message=message, field=None, example=allowed)
    answer = as_json(405, refusal([fault]))
    answer.headers["Allow"] = ", ".join(error.valid_methods or ())
    return answer


def unavailable() -> Response:
    """503 with Retry-After: the database cannot be reached and nothing was stored, so the request may be
    repeated."""
    message = worded(
        "ただいま受け付けられません。少し待ってから、同じ内容をもう一度お送りください。",
        "The database cannot be reached just now, and nothing was stored. Send the same request again in a moment.",
    )
    answer = as_json(503, refusal([Fault(code="unavailable", message=message, field=None, example=None)]))
    answer.headers["Retry-After"] = "5"
    return answer


def once(key: ApiKey, body: bytes, act: Callable[[], Response], *, is_secret: bool = False) -> Response:
    """Runs `act` in one transaction; under a repeated Idempotency-Key the stored answer is given again.

    An answer that is secret is not stored: the repeated request runs again and gets a new secret, equally
    valid.
    """
    idempotency_key = _idempotency_key()
    fingerprint = hashlib.sha256(request.path.encode() + b"\n" + body).hexdigest()
    with write_transaction():
        keys.record_use(key)
        if idempotency_key is None:
            return act()
        earlier = idempotency.begin(key, idempotency_key, fingerprint)
        if earlier is not None and not (is_secret and earlier.body_hash == fingerprint):
            return _replayed(earlier, fingerprint)
        answer = act()
        answer_body = "" if is_secret else answer.get_data(as_text=True)
        idempotency.finish(key, idempotency_key, answer.status_code, answer_body)
    return answer


def _replayed(earlier: idempotency.IdempotentRequest, fingerprint: str) -> Response:
    if earlier.body_hash != fingerprint:
        fault = Fault(
            code="idempotency_key_reused",
            message=worded(
                "この Idempotency-Key は、別の内容で使われています。送る内容ごとに新しいキーを付けてください。",
                "This Idempotency-Key was used with another body. Give each request a key of its own.",
            ),
            field="Idempotency-Key",
            example="order-A-1001",
        )
        return as_json(409, refusal([fault]))
    answer = Response(earlier.answer, earlier.status, content_type="application/json")
    answer.headers["Idempotent-Replayed"] = "true"
    return answer


def api_key(scope: str) -> ApiKey:
    """The caller's key. Counts the request against the key's rate limit.

    Refuses with 401 without a valid key, 403 without the scope, 429 past the limit.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    key = keys.check(token.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        refuse(
            401,
            "unauthorized",
            "APIキーが正しくありません。ヘッダーに Authorization: Bearer goen_… を付けてください。"
            "キーは manage.py api-key create で作れます。",
            "The API key is missing, unknown or revoked. Send the header Authorization: Bearer goen_… "
            "A key is made with: manage.py api-key create NAME",
            field="Authorization",
            example="Bearer goen_…",
            headers={"WWW-Authenticate": 'Bearer realm="goen"'},
        )
    if not key.may(scope):
        refuse(
            403,
            "forbidden",
            f"このキーには、この操作の権限（{scope}）がありません。",
            f"This key lacks the scope {scope}.",
        )
    if wait := rate.wait_seconds(key.id):
        refuse(
            429,
            "too_many_requests",
            f"リクエストが多すぎます。{wait}秒後にもう一度お送りください。",
            f"More than {rate.most} requests a minute. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )
    return key


def too_many_refused(wait_seconds: int) -> Response:
    """The answer to an address that sent many requests without a valid key."""
    message = worded(
        f"正しくないAPIキーでのリクエストが続いています。{wait_seconds}秒後にもう一度お送りください。",
        f"Too many requests without a good API key came from this address. Try again in {wait_seconds} seconds.",
    )
    return as_json(429, refusal([Fault(code="too_many_requests", message=message, field=None, example=None)]))


def body(*, may_be_empty: bool = False) -> bytes:
    """The request's raw body. Refuses with 415 what is not sent as JSON, and with 413 more than 256 KB."""
    if request.mimetype != "application/json" and not (may_be_empty and not request.content_length):
        refuse(
            415,
            "not_json",
            "Content-Type: application/json で送ってください。",
            "Send JSON, with the header Content-Type: application/json",
            field="Content-Type",
            example="application/json",
        )
    request.max_content_length = LARGEST_BODY_BYTES
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        refuse(
            413,
            "too_large",
            "本文が大きすぎます（256KBまで）。1回に1件ずつ送ってください。",
            "The body is larger than 256 KB. Send one thing a request.",
        )


def read_json(content: bytes, example: object) -> Any:
    """The parsed JSON. Refuses with 400 what is not JSON; `example` is a valid body to show in the error."""
    try:  # JSON has no NaN, and nesting without end would exhaust the stack
        return json.loads(content.decode(), parse_constant=_no_constant, object_pairs_hook=_each_field_once)
    except _Repeated as repeated:
        refuse(
            422,
            "repeated_field",
            f"{repeated} が2回書かれています。どちらか1つにしてください。",
            f"{repeated} is written twice. Write it once.",
            field=str(repeated),
            example=EXAMPLES.get(str(repeated), example),
        )
    except (ValueError, RecursionError) as error:
        where = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        refuse(
            400,
            "malformed_json",
            f"JSONとして読めません{where}。文字コードはUTF-8にしてください。",
            f"The body is not JSON in UTF-8{where}.",
            example=example,
        )


def fault_of(problem: Problem) -> Fault:
    """The problem as an error of the API, in the caller's language."""
    return Fault(
        code=problem.code,
        message=worded(problem.in_japanese(), problem.in_english()),
        field=problem.field or None,
        example=problem.example,
    )


def refuse(
    status: int,
    code: str,
    japanese: str,
    english: str,
    *,
    field: str | None = None,
    example: Any = None,
    headers: dict[str, str] | None = None,
) -> NoReturn:
    """Ends the request with one error. Raises Refused."""
    raise Refused(
        status, [Fault(code=code, message=worded(japanese, english), field=field, example=example)], headers
    )


def worded(japanese: str, english: str) -> str:
    """The sentence in the language that the caller's Accept-Language prefers; English by default."""
    return japanese if request.accept_languages.best_match(["en", "ja"]) == "ja" else english


def as_json(status: int, content: BaseModel) -> Response:
    """The model as an HTTP answer in JSON."""
    # ASCII only: a field's name in an error may hold letters that no encoding can carry.
    text = json.dumps(content.model_dump())
    return Response(text, status, content_type="application/json")


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY_KEY.match(key):
        refuse(
            400,
            "bad_idempotency_key",
            "Idempotency-Key は、半角の英数字・記号で255文字までにしてください。",
            "Idempotency-Key must be 1 to 255 visible ASCII characters.",
            field="Idempotency-Key",
            example="order-A-1001",
        )
    return key


class _Repeated(Exception):
    """An object has a field twice; the text is its name."""


def _each_field_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object. Raises _Repeated rather than take one of two values."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Repeated(Counter(name for name, _ in pairs).most_common(1)[0][0][:64])
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
