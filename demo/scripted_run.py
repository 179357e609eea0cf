"""`script/demo --once`: a promoter, a passive and a detractor go through the real webhook; their chats are
printed.

If something does not come in time, the run ends with a sentence and a failing exit status, so that it checks
whether the product works on this machine.
"""

import re
import time
from collections.abc import Iterator

import click
import urllib3

from bot.db import database
from bot.db.database import write_transaction
from customers.people import customer as customers
from demo.line.timeline import Side
from demo.phone.client import Handset, as_plain_text
from demo.setup import Stage, StageUnfit
from rewards.ledger import ledger
from rewards.ranks import customer_rank
from rewards.referrals import referrals
from support.tickets import tickets

HIDDEN_FIELD = re.compile(r'type="hidden" name="(\w{1,40})" value="([^"]{0,2000})"')
PATIENCE_SECONDS = 20.0
STAFF_ANSWER = (
    "お待たせしました、店主の小川です。つぶれた箱でのお届けになり、申し訳ありません。"
    "すぐに新しいものをお送りしますね。"
)


def play(stage: Stage) -> None:
    """Play all three, one after the other. Raises StageUnfit when something does not come."""
    promoter = stage.platform.handset("佐藤 美咲")
    friend = stage.platform.handset("鈴木 さくら")
    passive = stage.platform.handset("田中 健一")
    detractor = stage.platform.handset("高橋 恵")
    _promoter(stage, promoter, friend)
    _passive(passive)
    _detractor(stage, detractor)
    for title, phone in (
        ("A promoter / 推奨者", promoter),
        ("the friend she invites / お友達", friend),
        ("A passive / 中立者", passive),
        ("A detractor / 批判者", detractor),
    ):
        _print_chat(title, phone)
    database.close()


def _promoter(stage: Stage, phone: Handset, friend: Handset) -> None:
    phone.follow()
    _hear(phone, "はじめまして")
    stage.buy(phone.user_id, "HD-102")
    _hear(phone, "お買い上げ")
    stage.travel(14)
    _hear(phone, "勧める可能性")
    phone.tap("10")
    _hear(phone, "10点")
    code = _code_in(phone)
    phone.tap("感想を書く")
    _hear(phone, "感想をそのまま")
    phone.say("母にも贈りました。肌がしっとりして、香りもやさしくて大好きです。")
    _hear(phone, "お写真も1枚")
    phone.tap("スキップ")
    _hear(phone, "ご紹介してもよろしいですか")
    phone.tap("名前を出して掲載OK")
    _hear(phone, "取り下げたくなったら")
    friend.follow()
    _hear(friend, "はじめまして")
    friend.say(f"紹介コード {code} です")
    _hear(friend, "ポイント")
    stage.buy(friend.user_id, "HD-201")
    _hear(friend, "お買い上げ")
    _hear(phone, "お友達")


def _passive(phone: Handset) -> None:
    phone.follow()
    _hear(phone, "はじめまして")
    phone.say("アンケート")
    _hear(phone, "勧める可能性")
    phone.tap("8")
    _hear(phone, "10点")
    phone.say("香りが選べたらうれしいです")
    _hear(phone, "ありがとうございます")


def _detractor(stage: Stage, phone: Handset) -> None:
    phone.follow()
    _hear(phone, "はじめまして")
    phone.say("アンケート")
    _hear(phone, "勧める可能性")
    phone.tap("3")
    _hear(phone, "申し訳ありません")
    phone.say("届いた箱がつぶれていました")
    _hear(phone, "担当者に伝えました")
    phone.say("贈り物だったので、困っています")
    _staff_answer(stage, phone)
    _hear(phone, "小川")


def _staff_answer(stage: Stage, phone: Handset) -> None:
    """Sign in to the console as staff, open the chat and press send."""
    customer = customers.find_by_line_user(phone.user_id)
    ticket = tickets.open_ticket_of(customer.id) if customer else None
    if ticket is None:
        raise StageUnfit("No ticket was opened for the detractor.")
    http = urllib3.PoolManager(retries=False, timeout=10)
    entered = http.request("GET", f"{stage.bot_url}/console/demo-sign-in/staff", redirect=False)
    page = http.request("GET", f"{stage.bot_url}/console/tickets/{ticket.id}", headers=_cookie(entered))
    form = page.data.decode().partition('id="reply"')[2]
    hidden = dict(HIDDEN_FIELD.findall(form))
    answer = http.request(
        "POST",
        f"{stage.bot_url}/console/tickets/{ticket.id}/reply",
        fields=hidden | {"text": STAFF_ANSWER},
        headers=_cookie(page),
        redirect=False,
    )
    if answer.status != 303:
        raise StageUnfit(f"The console did not take the answer: {answer.status}")


def _cookie(answer: urllib3.BaseHTTPResponse) -> dict[str, str]:
    return {"Cookie": answer.headers.get("Set-Cookie", "").partition(";")[0]}


def _hear(phone: Handset, *words: str) -> None:
    """Wait until the shop's newest messages contain one of these texts."""
    heard: list[str] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        heard += [as_plain_text(message) for message in phone.news()]
        if any(word in said for word in words for said in heard):
            return
        time.sleep(0.05)
    raise StageUnfit(
        f"{phone.person.name} waited for 「{words[0]}」 and heard: {' / '.join(heard) or 'nothing'}"
    )


def _code_in(phone: Handset) -> str:
    customer = customers.find_by_line_user(phone.user_id)
    if customer is None:
        raise StageUnfit("The promoter is not known to the shop.")
    with write_transaction():
        return referrals.get_or_create_code(customer.id)


def _print_chat(title: str, phone: Handset) -> None:
    click.echo(f"\n{'━' * 66}\n  {title}: {phone.person.name}\n{'━' * 66}")
    for line in _chat(phone):
        click.echo(line)
    customer = customers.find_by_line_user(phone.user_id)
    if customer is not None:
        rank = customer_rank.snapshot(customer.id).rank
        click.echo(f"\n  → {ledger.balance(customer.id):,} points, rank {rank.ja} ({rank.en})")


def _chat(phone: Handset) -> Iterator[str]:
    """The chat as on the phone: the shop's messages on the left, the customer's on the right."""
    for entry in phone.entries():
        said = list(_condensed(as_plain_text(entry.message).splitlines()))
        shops = entry.side is Side.THEIRS
        yield ""
        for number, line in enumerate(said):
            mark = ("店 " if number == 0 else "   ") if shops else ""
            yield f"  {mark}{line}" if shops else f"{'':30}{line} ◀"


def _condensed(lines: list[str]) -> Iterator[str]:
    """The message with its buttons in one line, without a text that the button below it repeats."""
    buttons = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("［"):
            buttons += line
        elif following != f"［{line}］":
            if buttons:
                yield buttons
            buttons = ""
            yield line
    if buttons:
        yield buttons
