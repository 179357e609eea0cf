"""The reply box: canned replies, the cost of sending, who else is here, and whose reply came first."""

import re
import uuid
from datetime import timedelta

from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.line.channels import SUPPORT
from bot.line.month import Month
from bot.localtime import fixed
from bot.queue import month_quota, outbox, support_friends
from bot.queue.inbox import InboxEvent
from console.auth.staff_accounts import Staff
from support.tickets import canned_replies
from support.tickets.tickets import Ticket
from support.transcript import search
from tests.console import chats
from tests.console.conftest import SignIn, get, post


def draft(page: str) -> str:
    """The draft in the box."""
    found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert found
    return found[1]


def room(client: FlaskClient, made: Ticket, **asked: str) -> str:
    """The line above the box, without its tags."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    text = get(client, f"/console/tickets/{made.id}/room?{query}").text
    shown = re.sub(r"<span class=\"[^\"]*\" hidden>.*?</span>(?=\s*<)", "", text, flags=re.DOTALL)
    return re.sub(r"\s+|<[^>]+>", "", shown)


def reply(client: FlaskClient, made: Ticket, text: str, seen: str = "0", anyway: str = ""):  # type: ignore[no-untyped-def]
    page = f"/console/tickets/{made.id}"
    return post(
        client, f"{page}/reply", page=page, text=text, key=str(uuid.uuid4()), seen=seen, anyway=anyway
    )


def replies() -> list[str]:
    return [event.body for event in InboxEvent.select().where(InboxEvent.source == "staff.replied")]


def test_staff_keep_canned_texts(sign_in: SignIn) -> None:
    client = sign_in("staff")
    page = "/console/canned"
    assert (
        post(client, page, page=page, name="おわび", body="{name}さま、申し訳ございません。").status_code
        == 303
    )
    assert post(client, page, page=page, name="おわび", body="別の文").status_code == 422
    assert post(client, page, page=page, name="", body="名のない文").status_code == 422
    [saved] = canned_replies.everything()
    assert "{name}さま" in get(client, f"{page}?id={saved.id}").text
    post(client, page, page=page, canned_id=str(saved.id), name="おわび", body="ごめんなさい。")
    assert [each.body for each in canned_replies.everything()] == ["ごめんなさい。"]
    post(client, f"{page}/{saved.id}/drop", page=page)
    assert canned_replies.everything() == []


def test_a_canned_text_goes_into_the_box_without_scripts(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.ticket(chats.customer("田中"))
    with write_transaction():
        saved = canned_replies.keep("あいさつ", "{name}さま、{shop}の{staff}です。", None)
    page = f"/console/tickets/{made.id}"
    said = "田中さま、ひだまり堂の佐藤 はなです。"
    assert draft(get(client, f"{page}?canned={saved.id}").text) == said
    assert draft(get(client, f"{page}?canned=4711").text) == ""
    answer = post(client, f"{page}/draft", page=page, text="書きかけ\r\n", canned=str(saved.id))
    assert draft(answer.text).splitlines() == ["書きかけ", said]
    assert replies() == []


def test_what_an_answer_costs_is_shown_before_it_is_sent(sign_in: SignIn) -> None:
    client = sign_in("staff")
    who = chats.customer("田中")
    made = chats.ticket(who)
    assert room(client, made) == "1通分かかります"
    with write_transaction():
        month_quota.keep(Month(1200, 0))
    assert room(client, made) == "1通分かかります（今月の残り1,200通）"
    noon = localtime.now()
    with fixed(noon):
        chats.came(
            who,
            {"type": "message", "replyToken": "t", "message": {"type": "text", "id": "1", "text": "あの"}},
        )
    with fixed(noon + timedelta(seconds=13)):
        assert room(client, made) == "無料（返信）・あと42秒"
    with fixed(noon + timedelta(seconds=60)):
        assert room(client, made) == "1通分かかります（今月の残り1,200通）"
        with write_transaction():
            month_quota.keep(Month(1200, 1200))
        assert "使い切りました" in room(client, made)


def test_the_box_says_from_which_account_an_answer_goes(
    sign_in: SignIn,
) -> None:
    client, who = sign_in("staff"), chats.customer("田中")
    made = chats.ticket(who)
    assert "LINEから送ります" not in room(client, made)
    second = {"line_support_channel_secret": "s", "line_support_channel_access_token": "t"}
    bot_settings.use(bot_settings.current().model_copy(update=second))
    assert room(client, made) == "お店のLINEから送ります1通分かかります"
    with write_transaction():
        month_quota.keep(Month(1200, 0))
        month_quota.keep(Month(5000, 1), SUPPORT)
        support_friends.follow(made.conversation_id, localtime.now())
    assert room(client, made) == "個別LINEから送ります1通分かかります（今月の残り4,999通）"
    noon = localtime.now()
    with fixed(noon):
        chats.came(
            who,
            {"type": "message", "replyToken": "t", "message": {"type": "text", "id": "1", "text": "あの"}},
        )
        assert "無料" not in room(client, made), "the main account's token is of no use to the other"
    with write_transaction():
        outbox.push_individually(made.conversation_id, [{"type": "text", "text": "はい"}], cause="x")
    page = get(client, f"/console/tickets/{made.id}").text
    assert page.count('<span class="account">個別LINE</span>') == 1
    assert page.count('<span class="account">お店のLINE</span>') == 1


def test_who_else_views_and_types(sign_in: SignIn) -> None:
    staff, owner = sign_in("staff"), sign_in("owner")
    made = chats.ticket(chats.customer("田中"))
    room(staff, made)
    assert room(owner, made, typing="1").startswith("佐藤はなさんも見ています")
    assert room(staff, made).startswith("鈴木一郎さんが入力中です")
    reply(owner, made, "お送りしました。")
    assert room(staff, made).startswith("鈴木一郎さんも見ています")


def test_an_answer_that_crosses_a_colleagues_waits_with_its_text_preserved(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.ticket(chats.customer("田中"), minutes_ago=5)
    other = chats.person("鈴木 一郎", "owner")
    chats.replied(made, other.id, "先にお答えしました。")
    answer = reply(client, made, "私からもお答えします。", seen="0")
    assert answer.status_code == 409
    assert draft(answer.text) == "私からもお答えします。"
    assert "先にほかのスタッフが返信しています" in answer.text
    assert "先にお答えしました。" in answer.text, "it is there to be read"
    assert "それでも送る" in answer.text
    seen = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert seen
    assert reply(client, made, "私からもお答えします。", seen="0", anyway="1").status_code == 303
    assert reply(client, made, "もう一言。", seen=seen[1]).status_code == 303
    assert len(replies()) == 3


def test_search_finds_marks_and_opens_the_chat_at_the_line(sign_in: SignIn) -> None:
    client = sign_in("staff")
    who = chats.customer("高橋 恵")
    chats.wrote(who, "箱がつぶれて<届きました>", 900)
    for number in range(90):
        chats.wrote(who, f"その{number}", 800 - number)
    made = chats.ticket(who)
    chats.wrote(chats.customer("話していない方"), "箱はきれいでした", 5)
    chats.replied(made, Staff.get().id, "新しい箱でお送りします")
    sum(search.fill())
    page = get(client, "/console/search?q=箱").text
    assert "2文字以上" in page
    page = get(client, "/console/search?q=つぶれ").text
    assert "箱が<mark>つぶれ</mark>て&lt;届きました&gt;" in page
    address = re.search(r'href="([^"]*at=[^"]*)#sought"', page)
    assert address
    opened = get(client, address[1].replace("&amp;", "&")).text
    sought = re.search(r'is-sought" id="sought".*?</li>', opened, re.DOTALL)
    assert sought
    assert "つぶれて" in sought[0]
    assert ">その18<" in opened
    assert ">その50<" not in opened, "fifty lines later"
    assert "最新のメッセージへ" in opened
    page = get(client, "/console/search?q=箱で").text
    assert "佐藤 はな" in page
    opened = get(client, re.findall(r'href="([^"]*at=[^"]*)#sought"', page)[0].replace("&amp;", "&")).text
    assert "最新のメッセージへ" not in opened
    page = get(client, "/console/search?q=きれい").text
    assert re.search(r'href="/console/customers/\d+"', page), "nobody of staff ever had a chat with them"
    assert "見つかりませんでした" in get(client, "/console/search?q=ありません").text


def test_the_chat_at_a_line_stays_there_while_it_is_renewed(sign_in: SignIn) -> None:
    client = sign_in("staff")
    who = chats.customer("高橋 恵")
    with fixed(localtime.now()):
        chats.wrote(who, "最初の言葉", 900)
        for number in range(90):
            chats.wrote(who, f"その{number}", 800 - number)
        made = chats.ticket(who)
        first = InboxEvent.select().order_by(InboxEvent.id).first()
        page = get(client, f"/console/tickets/{made.id}?at={first.id}").text
        address = next(each for each in re.findall(r'hx-get="([^"]+)"', page) if "/chat" in each)
        assert get(client, address.replace("&amp;", "&")).status_code == 204
        assert 'id="sought"' not in get(client, f"/console/tickets/{made.id}?at=4711").text
