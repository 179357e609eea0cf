"""Encrypts a message for one browser (RFC 8291, by http_ece), signs for its push service (RFC 8292, by py_vapid), and
calls it.

What the answer means is in `answers.py`.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import http_ece
import urllib3
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from bot import localtime
from bot.config import settings
from bot.web_push import keys

SIGNED_FOR = timedelta(hours=1)
CONNECT_SECONDS, ANSWER_SECONDS = 3, 8
LONGEST_TOPIC = 32


class Urgency(StrEnum):
    """How soon a device should wake for it (RFC 8030, 5.3)."""

    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser's address at its push service, and its keys in base64url."""

    endpoint: str
    browser_key: str
    browser_secret: str


@dataclass(frozen=True, slots=True)
class PushMessage:
    """What is sent, and how long and how the push service keeps it for a device that is off."""

    payload: Mapping[str, Any]
    lives: timedelta
    topic: str
    """A later message with the same topic replaces one that waits; letters, digits, - and _."""
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """A push service's answer; status None when nobody answered."""

    status: int | None
    retry_after: str | None = None


def is_usable(subscription: Subscription) -> bool:
    """Whether a browser's keys are what they must be: a point of P-256 and 16 bytes."""
    try:
        point, secret = _decoded(subscription.browser_key), _decoded(subscription.browser_secret)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == 65 and len(secret) == 16


def request(subscription: Subscription, message: PushMessage) -> tuple[dict[str, str], bytes]:
    """The headers and the encrypted body of the call. Raises ValueError for a topic that is none."""
    if (
        not 0 < len(message.topic) <= LONGEST_TOPIC
        or not message.topic.replace("-", "").replace("_", "").isalnum()
    ):
        raise ValueError(f"{message.topic!r} is no topic: up to {LONGEST_TOPIC} letters, digits, - and _")
    parts = urlsplit(subscription.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((localtime.machine_now() + SIGNED_FOR).timestamp()),
        "sub": _contact(),
    }
    signed = Vapid02(keys.private_key()).sign(claims)["Authorization"]
    headers = {
        "Authorization": signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int(message.lives.total_seconds()))),
        "Topic": message.topic,
        "Urgency": message.urgency.value,
    }
    body = http_ece.encrypt(
        json.dumps(message.payload, ensure_ascii=False).encode(),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_decoded(subscription.browser_key),
        auth_secret=_decoded(subscription.browser_secret),
        version="aes128gcm",
    )
    return headers, body


class PushClient:
    """Calls push services; one a process, shared by its threads."""

    def __init__(self) -> None:
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
        self._pool = urllib3.PoolManager(num_pools=8, maxsize=4, timeout=timeout, retries=False)

    def send(self, subscription: Subscription, message: PushMessage) -> PushAnswer:
        """Send it once; redirects are not followed."""
        headers, body = request(subscription, message)
        try:
            answer = self._pool.request(
                "POST", subscription.endpoint, body=body, headers=headers, redirect=False
            )
        except urllib3.exceptions.HTTPError:
            return PushAnswer(None)
        return PushAnswer(answer.status, answer.headers.get("Retry-After"))


def _contact() -> str:
    """Where a push service finds whoever sends too much: the shop's address, which is HTTPS but in the demo."""
    address = settings.current().public_url.rstrip("/")
    return address if address.startswith("https://") else "https://localhost"


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
