"""The page that plays a flow through: what was done is in its address, and nothing is written."""

import re
from datetime import UTC, datetime
from html import unescape

import peewee
import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from tests.console import chats
from tests.console.conftest import SignIn, get

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
FLOW = {
    "key": "after-order",
    "name": "ご注文のあと",
    "trigger": {"on": "order"},
    "goal": {"on": "order"},
    "holdout_percent": 0,
    "step": [
        {"key": "thanks", "text": "{name}さん、ありがとうございます！", "latest_days": 0},
        {
            "key": "anything-wrong",
            "wait": {"days": 7, "at": "11:00"},
            "text": "商品はいかがですか？",
            "buttons": [
                {"label": "気になる", "tag": "has-concern"},
                {"label": "問題ない", "tag": "no-concern"},
            ],
            "latest_days": 0,
        },
        {
            "key": "how-to",
            "wait": {"until": "tag", "tag": "has-concern", "days": 3},
            "when": {"not_tag": "has-concern"},
            "text": "上手な使い方です。",
            "link": {"label": "使い方を見る", "url": "https://shop.example/how-to"},
            "latest_days": 0,
        },
    ],
}


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    with localtime.fixed(NOW):
        chats.customer("佐藤 美咲", "U" + "a" * 32)
    with write_transaction():
        stock.save_draft(None, FlowDefinition.model_validate(FLOW))
    return sign_in("owner")


def link(page: str, words: str) -> str:
    """The address of the link with these words."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{re.escape(words)}</a>', page)
    assert found, f"{words} is no link"
    return unescape(found[1])


def row_counts(database: peewee.Database) -> dict[str, int]:
    tables = [table for table in database.get_tables() if not table.startswith("sqlite")]
    return {table: database.execute_sql(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables}


def test_a_draft_is_walked_through_to_its_end_and_nothing_is_written(
    owner: FlaskClient, database: peewee.Database
) -> None:
    before = row_counts(database)
    page = get(owner, "/console/flows/after-order/walk?start=2026-12-01T12:00").text
    assert "佐藤 美咲さん、ありがとうございます！" in page
    assert "商品はいかがですか？" not in page
    page = get(owner, link(page, "次へ")).text
    assert "商品はいかがですか？" in page
    page = get(owner, link(page, "問題ない")).text
    assert "「問題ない」を押した" in page
    page = get(owner, link(page, "次へ")).text
    assert "上手な使い方です。" in page
    page = get(owner, link(page, "使い方を見る")).text
    assert "リンクを開いた" in page
    assert not re.search(">次へ<", page)
    assert row_counts(database) == before


def test_a_tap_decides_the_branch(owner: FlaskClient) -> None:
    page = get(owner, "/console/flows/after-order/walk?start=2026-12-01T12:00&now=10020").text
    page = get(owner, link(page, "気になる")).text
    assert "条件に合わないため" in page
    assert "上手な使い方です。" not in page


def test_an_order_reaches_the_goal_and_from_the_beginning_it_has_not(owner: FlaskClient) -> None:
    page = get(owner, "/console/flows/after-order/walk?start=2026-12-01T12:00").text
    ended = get(owner, link(page, "お買い物をした")).text
    assert "ゴール" in ended
    assert "次へ" not in re.sub(r"<title>.*", "", ended).split("walk-now")[1]
    assert "ゴール" not in get(owner, link(ended, "はじめから")).text


def test_the_customer_is_chosen_by_number_or_name(owner: FlaskClient) -> None:
    other = chats.customer("鈴木 一", "U" + "b" * 32)
    for asked in (f"%23{other.id}", str(other.id), "鈴木"):
        assert (
            f"鈴木 一（#{other.id}）さんの場合"
            in get(owner, f"/console/flows/after-order/walk?q={asked}").text
        )
    assert "見つかりませんでした" in get(owner, "/console/flows/after-order/walk?q=nobody").text


@pytest.mark.parametrize(
    "strange",
    [
        "customer=99999999999999999999",
        "customer=abc",
        "start=never&now=-5",
        "now=99999999999999999999",
        "start=9999-12-31T23:59",
        "did=x&did=1.fly&did=1.tag&did=-1.order&did=999999999999.order",
        "did=99999999.order&now=99999999",
        "&".join(["did=1.order"] * 200),
    ],
)
def test_strange_addresses_are_read_as_far_as_they_make_sense(owner: FlaskClient, strange: str) -> None:
    assert get(owner, f"/console/flows/after-order/walk?{strange}").status_code == 200


def test_an_unknown_flow_is_not_found(owner: FlaskClient) -> None:
    assert get(owner, "/console/flows/nothing/walk").status_code == 404
