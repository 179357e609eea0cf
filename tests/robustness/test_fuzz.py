"""Random input to every entry point: LINE's webhook, the orders API, Shopify, CSV files, the console's forms.

No response may be 5xx, and no event parked. The seed is fixed, so that a run can be repeated exactly;
`FUZZ_SEED=7` tries another one, and it is printed with every failure. `FUZZ_ROUNDS=20` runs longer.
"""

import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.queue.inbox import InboxEvent
from bot.web.webhook import signature
from console.auth.access_control import csrf
from customers.csv import order_import, products
from customers.csv.records import UnreadableFile
from demo.line.events import body as webhook_body
from tests.robustness import places, scene
from tests.robustness.conftest import Shop

SEED = int(os.environ.get("FUZZ_SEED", "8"))
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))
EVENTS, ORDERS, FILES, FORMS = 120, 120, 40, 1
"""Inputs of each kind in a round; for forms, how often each route is sent one."""
TEXTS = (
    *(
        "",
        " ",
        "\0",
        "\ud83d",
        "あ\udc00い",
        "x" * 300,
        "長" * 5_001,
        "0",
        "-1",
        "1e9",
        "9" * 30,
        "9" * 4_400,
        "１２",
    ),
    *(
        "2026-02-30",
        "2026-03-01",
        "2026-03-01T12:00:00+09:00",
        "9999-12-31",
        "0000-00-00",
        "NaN",
        "null",
        "true",
    ),
    *("' OR 1=1 --", "%s %d {0} {name}", "<b>", "../../x", "=1+1", "@x", "\u202e\u200b", "\\", '"', "a@b.jp"),
    *(
        "配信停止",
        "スタッフと話す",
        "10",
        "連携",
        "山﨑",
        "CDF3-GHJ4",
        "CDF3-GHJ4-KLM5",
        "a\nb\r\nc",
        "\x85\u2028",
    ),
    *("A-1001", "shopify:1", "M-1", "09012345678", "nps.score?i=1&s=9", "faq.show?e=1", "csat.score?t=1&s=9"),
)
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    10**30,
    2**63,
    2**31,
    1.5,
    -0.0,
    1e308,
    [],
    {},
    [[]],
    [{}],
)
ORDER = {
    "order_number": "F-1",
    "ordered_at": "2026-03-01",
    "total_yen": 5400,
    "customer_number": "M-1",
    "email": "hanako@example.jp",
    "phone": "09012345678",
    "line_user_id": "U" + "0" * 32,
    "postal_code": "150-0041",
    "address": "渋谷区神南1-2-3",
    "items": [
        {"sku": "TEA", "name": "お茶", "quantity": 1, "unit_yen": 100, "repurchase_days": 30, "premium": True}
    ],
}
EVENT = {
    "type": "message",
    "mode": "active",
    "timestamp": 1_775_000_000_000,
    "source": {"type": "user", "userId": "U" + "0" * 32},
    "webhookEventId": "01HFUZZ",
    "deliveryContext": {"isRedelivery": False},
    "replyToken": "0" * 32,
    "message": {
        "id": "1",
        "type": "text",
        "text": "こんにちは",
        "quoteToken": "q",
        "quotedMessageId": "2",
        "fileName": "x.pdf",
        "fileSize": 9,
        "duration": 1,
        "packageId": "1",
        "stickerId": "2",
        "keywords": ["a"],
        "title": "t",
        "address": "a",
        "latitude": 1.0,
        "longitude": 1.0,
        "contentProvider": {"type": "line"},
        "imageSet": {"id": "s", "index": 1, "total": 2},
        "mention": {"mentionees": [{"index": 0, "length": 1, "userId": "U"}]},
        "emojis": [{"index": 0, "length": 1, "productId": "1", "emojiId": "2"}],
    },
    "postback": {"data": "x", "params": {"date": "2026-01-01"}},
    "unsend": {"messageId": "1"},
    "link": {"result": "ok", "nonce": "n"},
    "follow": {"isUnblocked": True},
}
TYPES = (
    "message",
    "message",
    "postback",
    "follow",
    "unfollow",
    "unsend",
    "accountLink",
    "messageEdited",
    "join",
    "x",
)
MESSAGES = ("text", "sticker", "image", "video", "audio", "file", "location", "x")
COLUMNS = [
    "注文番号",
    "注文日時",
    "お支払い合計",
    "会員番号",
    "メールアドレス",
    "電話番号",
    "商品コード",
    "商品名",
    "数量",
    "状態",
]
ROW = ["2026-03-01 12:00", "5400", "M-1", "a@example.jp", "090-1234-5678", "TEA", "お茶", "1", ""]


class Chance(random.Random):
    """Generates random input; the same seed gives the same."""

    def text(self) -> str:
        return self.choice(TEXTS) if self.random() < 0.8 else self.choice(TEXTS) + self.choice(TEXTS)

    def value(self) -> Any:
        return self.text() if self.random() < 0.7 else self.choice(OTHERS)

    def spoilt(self, sound: Any, share: float = 0.15) -> Any:
        """The value with some of its parts replaced, missing or doubled."""
        if self.random() < share:
            return self.value()
        if isinstance(sound, dict):
            fields = {
                name: self.spoilt(each, share) for name, each in sound.items() if self.random() > share / 3
            }
            return fields | ({self.text(): self.value()} if self.random() < share else {})
        if isinstance(sound, list):
            return [self.spoilt(each, share) for each in sound for _ in range(self.choice((1, 1, 1, 0, 2)))]
        return sound

    def broken(self, raw: bytes) -> bytes:
        """Sometimes bytes that are not valid JSON."""
        if self.random() > 0.05 or not raw:
            return raw
        at = self.randrange(len(raw))
        return (
            raw[:at] + self.choice((b"", b"\xff", b"\0", b"[" * 2_000, b'"')) + raw[at + self.randrange(3) :]
        )


@pytest.fixture
def chance() -> Chance:
    print(f"FUZZ_SEED={SEED}")  # noqa: T201 -- shown with whatever fails
    return Chance(SEED)


@pytest.fixture
def filled(open_shop: Shop) -> Shop:
    scene.fill(open_shop)
    open_shop.app.config["PROPAGATE_EXCEPTIONS"] = False  # an exception becomes a 500, as in production
    return open_shop


def nothing_is_parked() -> None:
    left = InboxEvent.select().where(InboxEvent.state != "done")
    assert [(row.source, row.body[:200], (row.error or "")[-1500:]) for row in left] == []


def test_whatever_line_sends_is_stored_and_handled(filled: Shop, chance: Chance) -> None:
    known = [str(person.user_id) for person in filled.platform.channel.people.all()]
    secret = filled.platform.channel.identity.channel_secret
    for _ in range(EVENTS * ROUNDS // 10):
        events = [_event(chance, known) for _ in range(10)]
        raw = chance.broken(webhook_body("U" + "0" * 32, events))
        answer = filled.web.post("/callback", data=raw, headers={"x-line-signature": signature(raw, secret)})
        assert answer.status_code in (200, 400), raw
        filled.settle()
    nothing_is_parked()


def _event(chance: Chance, known: list[str]) -> Any:
    sound = EVENT | {"type": chance.choice(TYPES), "webhookEventId": f"fuzz-{chance.random()}"}
    sound["source"] = {"type": "user", "userId": chance.choice(known)}
    sound["message"] = EVENT["message"] | {"type": chance.choice(MESSAGES), "text": chance.text()}  # type: ignore[operator]
    sound["postback"] = {"data": chance.text()}
    return chance.spoilt(sound, 0.05)


def test_whatever_a_shop_system_sends_is_taken_or_refused(filled: Shop, chance: Chance) -> None:
    key = {"Authorization": f"Bearer {filled._api_key}", "Content-Type": "application/json"}
    targets: tuple[tuple[str, Any], ...] = (
        ("/api/v1/orders", ORDER),
        ("/api/v1/orders/A-1001/refunds", {"refund_id": "R-1", "amount_yen": 100, "reason": "割れ"}),
        ("/api/v1/orders/A-1001/cancel", {"reason": "x"}),
        ("/api/v1/link-codes", {"customer_number": "M-1", "order_number": "A-1001"}),
        ("/api/v1/account-links", {"link_token": "t", "customer_number": "M-1"}),
    )
    for number in range(ORDERS * ROUNDS):
        path, sound = targets[0] if number % 2 else chance.choice(targets)
        raw = chance.broken(json.dumps(chance.spoilt(sound), allow_nan=True).encode())
        again = (
            {"Idempotency-Key": chance.text().encode("ascii", "replace").decode()} if number % 5 == 0 else {}
        )
        again = {name: value for name, value in again.items() if value.isprintable()}
        answer = filled.web.post(path, data=raw, headers=key | again)
        assert answer.status_code < 500, (path, raw, again)
    for number in range(ORDERS * ROUNDS // 2):
        topic = chance.choice(("orders/paid", "orders/updated", "orders/cancelled", "refunds/create"))
        sound = scene.order_of_shopify(number % 9, chance.text())
        sound |= {
            "order_id": sound["id"],
            "transactions": [{"kind": "refund", "status": "success", "amount": "1"}],
        }
        raw = chance.broken(json.dumps(chance.spoilt(sound, 0.08)).encode())
        assert scene.shopify_raw(filled.web, topic, raw) in (200, 400), (topic, raw)
    filled.settle()
    nothing_is_parked()


def test_whatever_a_file_holds_its_rows_are_taken_or_named(
    filled: Shop, chance: Chance, tmp_path: Path
) -> None:
    for number in range(FILES * ROUNDS):
        header = [chance.choice(COLUMNS) if chance.random() < 0.1 else each for each in COLUMNS]
        rows = [",".join(header), *(_row(chance, line) for line in range(chance.randrange(12)))]
        content = "\r\n".join(rows).encode(chance.choice(("utf-8", "utf-8", "utf-8-sig", "cp932")), "replace")
        file = tmp_path / f"{number}.csv"
        file.write_bytes(chance.broken(content))
        for take in (order_import.run, products.run):
            _taken_or_refused(take, file)
    filled.settle()
    nothing_is_parked()


def _row(chance: Chance, line: int) -> str:
    sound = (f"C-{line // 2}", *ROW)
    return ",".join(chance.choice(TEXTS) if chance.random() < 0.15 else f'"{each}"' for each in sound)


def _taken_or_refused(take: Callable[[Path], Any], file: Path) -> None:
    try:
        take(file)
    except UnreadableFile as refused:
        assert str(refused)


def test_whatever_is_typed_into_a_form_is_taken_or_refused(
    filled: Shop, chance: Chance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csrf, "protect", lambda: None)  # the code behind the token is tested
    names = places.field_names()
    assert len(names) > 60
    owner = filled.client("owner")
    forms = [
        place
        for place in places.everywhere(filled.app)
        if place.method == "POST" and place.endpoint.startswith("console.")
        if place.endpoint not in ("console.sign_out", "console.change_staff", "console.change_password")
    ]
    for place in forms:
        for _ in range(FORMS * ROUNDS):
            data: dict[str, Any] = {name: _typed(chance) for name in names if chance.random() < 0.8}
            assert _sent(owner, place.address, data) < 500, (str(place), data)
            few = {name: chance.choice(("1", "x", "あ" * 300)) for name in names}
            assert _sent(owner, place.address, few) < 500, (str(place), few)
    filled.settle()
    parked = InboxEvent.select().where(InboxEvent.state == "parked")
    assert [(row.source, row.error) for row in parked] == []


def _typed(chance: Chance) -> str:
    return chance.text().encode("utf-8", "replace").decode().replace("\0", "")


def _sent(client: FlaskClient, address: str, data: dict[str, Any]) -> int:
    file = {"file": (io.BytesIO(b"\xef\xbb\xbf\0,\xff\n"), "x\ud83d.csv".encode("utf-8", "replace").decode())}
    return client.post(address, base_url="https://goen.example", data=data | file).status_code


def test_the_same_seed_gives_the_same(chance: Chance) -> None:
    one, other = Chance(SEED), Chance(SEED)
    assert [one.spoilt(ORDER) for _ in range(9)] == [other.spoilt(ORDER) for _ in range(9)]
