"""A strict push service on this machine: gives out subscriptions, and checks each message as
RFC 8030, 8291 and 8292 say.

It decrypts by an implementation of its own, so that a mistake of the product's library would show.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot import localtime
from bot.web_push.client import Subscription

LONGEST_BODY = 4096
A_DAY = 24 * 60 * 60


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Refused(Exception):
    """The push service does not take the message; the status and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Received:
    """A message that was taken, decrypted."""

    path: str
    headers: dict[str, str]
    payload: dict[str, Any]


@dataclass
class PushService:
    """The service, its browsers' keys, and what it took. `answers` is what it answers next, before taking anything."""

    received: list[Received] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    calls: int = 0

    def __post_init__(self) -> None:
        self._keys: dict[str, tuple[ec.EllipticCurvePrivateKey, bytes, str]] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers = service.answer(self.path, dict(self.headers.items()), body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def subscribe(self, server_key: str) -> Subscription:
        """A new browser's subscription, for whoever signs with that public key."""
        private, secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        path = f"/push/{encoded(os.urandom(12))}"
        self._keys[path] = (private, secret, server_key)
        return Subscription(self.address + path, encoded(point_of(private)), encoded(secret))

    def unsubscribe(self, subscription: Subscription) -> None:
        """The browser ends its subscription."""
        self._keys.pop(urlsplit(subscription.endpoint).path)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        self.calls += 1
        if self.answers:
            return self.answers.pop(0)
        try:
            self.received.append(
                self._taken(path, {name.lower(): value for name, value in headers.items()}, body)
            )
        except Refused as refused:
            self.refusals.append(str(refused))
            return refused.status, {}
        return 201, {"Location": f"{self.address}/message/{len(self.received)}"}

    def _taken(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        if path not in self._keys:
            raise Refused(410, "no such subscription")
        private, secret, server_key = self._keys[path]
        self._check_signature(headers.get("authorization", ""), server_key)
        if not re.fullmatch(r"\d{1,9}", headers.get("ttl", "")):
            raise Refused(400, "TTL")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("topic", "")):
            raise Refused(400, "Topic")
        if headers.get("urgency") not in ("very-low", "low", "normal", "high"):
            raise Refused(400, "Urgency")
        if headers.get("content-encoding") != "aes128gcm":
            raise Refused(415, "Content-Encoding")
        if len(body) > LONGEST_BODY:
            raise Refused(413, "too long")
        return Received(path, headers, json.loads(decrypted(body, private, secret)))

    def _check_signature(self, authorization: str, server_key: str) -> None:
        match = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)", authorization)
        if match is None:
            raise Refused(401, f"Authorization: {authorization}")
        head, claims, signature, key = match.groups()
        if key != server_key:
            raise Refused(403, "another key than the browser subscribed with")
        if json.loads(decoded(head)) != {"typ": "JWT", "alg": "ES256"}:
            raise Refused(401, "no ES256")
        raw = decoded(signature)
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key))
        try:
            public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise Refused(403, "signature") from None
        said = json.loads(decoded(claims))
        ahead = said["exp"] - localtime.machine_now().timestamp()
        if (
            said["aud"] != self.address
            or not 0 < ahead <= A_DAY
            or not re.match("https://|mailto:", said["sub"])
        ):
            raise Refused(403, f"claims {said}")


def point_of(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def decrypted(body: bytes, private: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    """The plain text, as RFC 8291, 3.4 and RFC 8188, 2 say."""
    salt, record_size, key_length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender = body[21 : 21 + key_length]
    sealed = body[21 + key_length :]
    if key_length != 65 or not 18 <= len(sealed) <= record_size:
        raise Refused(400, "header of the body")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
    agreed = private.exchange(ec.ECDH(), public)
    both = b"WebPush: info\0" + point_of(private) + sender
    input_key = _derived(agreed, secret, both, 32)
    key = _derived(input_key, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(input_key, salt, b"Content-Encoding: nonce\0", 12)
    padded = AESGCM(key).decrypt(nonce, sealed, None)
    text, mark, _ = padded.rpartition(b"\2")
    if not mark:
        raise Refused(400, "no last record")
    return text


def _derived(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    drawn = hmac.new(salt, key, hashlib.sha256).digest()
    return hmac.new(drawn, info + b"\1", hashlib.sha256).digest()[:length]
