"""The guide through the rest of set-up: the first owner's account, the shop's answers, hours, menus, the question."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import facts, localtime, shop_versions
from bot.config import settings as bot_settings
from bot.config import shop
from bot.db.database import write_transaction
from bot.queue import menu_publishing
from bot.queue.inbox import InboxEvent
from bot.queue.rich_menus import RichMenu
from bot.routing import event_kinds
from console.auth import first_owner, staff_accounts
from console.auth.staff_accounts import Role, Staff
from handlers import menu_jobs, rich_menus
from support.faq import entries, overview
from support.faq.tables import FaqEntry, FaqVersion
from support.hours.settings import BusinessHours
from surveys.nps import answers, invitations
from tests.console import chats
from tests.console.conftest import SignIn, get, post

GUIDE = "/console/set-up"
ANSWERS, HOURS, MENUS, QUESTION = (f"{GUIDE}/{page}" for page in ("answers", "hours", "menus", "question"))


def address() -> str:
    return first_owner.path(bot_settings.current().secret_key)


def registered(client: FlaskClient, **changes: str) -> int:
    form: dict[str, Any] = {
        "email": "hanako@example.jp",
        "name": "鈴木 はな子",
        "password": chats.PASSWORD,
        "again": chats.PASSWORD,
    }
    return int(post(client, address(), page=address(), **(form | changes)).status_code)


def test_the_first_owner_makes_an_account_once(app: Flask, stranger: FlaskClient) -> None:
    assert first_owner.address() == f"https://goen.example{address()}"
    assert registered(stranger, again="another one entirely") == 422
    assert registered(stranger, password="password12", again="password12") == 422
    assert registered(stranger, email="nobody") == 422
    assert not Staff.select().exists()
    assert registered(stranger) == 303
    assert [each.role for each in Staff.select()] == [Role.OWNER]
    page = get(stranger, GUIDE)
    assert page.status_code == 200 and "2段階認証" in page.text
    assert first_owner.address() is None
    for client in (stranger, app.test_client()):
        assert get(client, address()).status_code == 404


@pytest.mark.parametrize("token", ["x" * 40, "あ", "0"])
def test_no_account_without_the_secret_part(stranger: FlaskClient, token: str) -> None:
    assert get(stranger, f"/console/first-owner/{token}").status_code == 404


def test_no_first_owner_where_somebody_has_an_account_that_was_disabled(stranger: FlaskClient) -> None:
    chats.person(role="owner")
    with write_transaction():
        staff_accounts.disable("owner@example.jp")
    assert get(stranger, address()).status_code == 404


def stocked(client: FlaskClient) -> dict[str, Any]:
    """Fill the FAQ; the fields of the page of answers as they are shown."""
    with write_transaction():
        entries.seed_if_empty()
    page = get(client, ANSWERS).text
    return dict(re.findall(r'name="(revision-\d+)" value="(\d+)"', page)) | {
        f"answer-{each.id}": str(each.answer) for each, _ in overview.answers_to_word()
    }


def test_every_shop_words_ten_answers_itself(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    fields = stocked(owner)
    to_word = overview.answers_to_word()
    assert len(to_word) == 10 and overview.answers_left_count() == 10
    shipping = to_word[0][0]
    fields |= {f"answer-{shipping.id}": "全国一律500円です。", f"fine-{to_word[1][0].id}": "1"}
    assert post(owner, ANSWERS, page=ANSWERS, **fields).status_code == 303
    assert overview.answers_left_count() == 8
    assert FaqEntry.get_by_id(shipping.id).answer == "全国一律500円です。"
    version = (
        FaqVersion.select().where(FaqVersion.entry == shipping.id).order_by(FaqVersion.id.desc()).first()
    )
    assert version.changed_by_id == Staff.get().id
    assert FaqVersion.select().where(FaqVersion.changed_by_id.is_null(is_null=False)).count() == 1


def test_an_empty_answer_is_refused_and_nothing_is_lost(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    fields = stocked(owner)
    first, second = (each.id for each, _ in overview.answers_to_word()[:2])
    page = post(
        owner, ANSWERS, page=ANSWERS, **(fields | {f"answer-{first}": " ", f"answer-{second}": "わたしの文"})
    )
    assert page.status_code == 422
    assert "わたしの文" in page.text
    assert overview.answers_left_count() == 10


def test_an_answer_that_somebody_changed_meanwhile_is_not_overwritten(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    fields = stocked(owner)
    entry = overview.answers_to_word()[0][0]
    with write_transaction():
        entries.change(entry.id, entry.content.__class__(entry.question, "先に書いた文"), by=1)
    post(owner, ANSWERS, page=ANSWERS, **(fields | {f"answer-{entry.id}": "あとから書いた文"}))
    assert FaqEntry.get_by_id(entry.id).answer == "先に書いた文"


def test_the_hours_are_a_setting_in_force_at_once(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    fields: dict[str, Any] = {
        "weekday": "土",
        "opens": "09:30",
        "closes": "12:00",
        "closed_on_public_holidays": "1",
    }
    unfit: tuple[dict[str, Any], ...] = (
        {"weekday": ""},
        {"closes": "09:00"},
        {"opens": "25:00", "closes": "26:00"},
    )
    for wrong in unfit:
        assert post(owner, HOURS, page=HOURS, **(fields | wrong)).status_code == 422
    assert post(owner, HOURS, page=HOURS, **fields).status_code == 303
    hours = shop.get(BusinessHours)
    assert (hours.weekdays, hours.opens, hours.closed_on_public_holidays) == ("土", "09:30", True)
    shop.use({})


def test_menus_are_asked_for_and_published_by_the_clock(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = sign_in("owner")
    assert menu_jobs.publish_if_wanted() == 0
    post(owner, MENUS, page=MENUS)
    assert "登録しています" in get(owner, MENUS).text
    # The real command, with the tests' settings: nothing listens where they say LINE is.
    for name, value in bot_settings.current().model_dump().items():
        if value is not None:
            monkeypatch.setenv(name.upper(), str(value))
    assert menu_jobs.publish_if_wanted() == 1
    page = get(owner, MENUS).text
    assert "登録できませんでした" in page
    assert menu_publishing.state().said
    assert menu_jobs.publish_if_wanted() == 0, "a failure is not tried again by itself"
    RichMenu.create(name="goen:1", content_hash="0", line_id="r", published_at=localtime.now())
    menu_publishing.keep(menu_publishing.DONE)
    assert "LINEに出ています" in get(owner, MENUS).text


def test_changed_words_of_the_menus_are_published_once_by_the_clock(sign_in: SignIn) -> None:
    owner, subject = sign_in("owner"), "/console/settings/subjects/greeting"
    now = localtime.now()

    def after(seconds: int) -> int:
        """What the clock's job asks for, so long after the beginning."""
        with localtime.fixed(now + timedelta(seconds=seconds)):
            return rich_menus.publish_if_changed()

    def change_words(words: str, seconds: int) -> None:
        with localtime.fixed(now + timedelta(seconds=seconds)), write_transaction():
            shop_versions.change({"menu.words": {"points": words}}, None)

    assert after(0) == 0, "nobody has published a menu yet"
    assert "まだLINEに出していません" in get(owner, subject).text
    RichMenu.create(name="goen:1", content_hash="0", line_id="r", published_at=now)
    assert [after(seconds) for seconds in (0, 60, 120, 180)] == [0, 0, 0, 0], "nothing has changed"
    change_words("ためる", 200)
    assert after(201) == 0
    assert "出しなおしています" in get(owner, subject).text
    change_words("ためて使う", 230)
    assert [after(seconds) for seconds in (231, 280, 290)] == [0, 0, 0], "a minute after the last change"
    assert [after(seconds) for seconds in (292, 294)] == [1, 0], "once"
    assert menu_publishing.state().state == menu_publishing.WANTED
    with localtime.fixed(now + timedelta(seconds=300)):
        menu_publishing.keep(menu_publishing.FAILED, "LINE is away")
    assert after(1000) == 0
    assert after(4000) == 1, "tried again after an hour"
    menu_publishing.record_published(rich_menus.content())
    menu_publishing.keep(menu_publishing.DONE)
    assert after(4100) == 0
    assert "出した時刻" in get(owner, subject).text
    shop.use({})


def test_the_question_goes_to_a_friend_whom_the_owner_chooses(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    assert "まだ友だちがいません" in get(owner, QUESTION).text
    hana = chats.customer("花")
    gone = chats.customer("去った 方")
    type(gone).update(blocked_at=localtime.now()).where(type(gone).id == gone.id).execute()
    page = get(owner, QUESTION).text
    assert "花" in page and "去った 方" not in page and "%40goentest" in page
    post(owner, QUESTION, page=QUESTION, customer=str(gone.id))
    assert not InboxEvent.select().where(InboxEvent.source == event_kinds.SURVEY_TRIED).exists()
    post(owner, QUESTION, page=QUESTION, customer=str(hana.id))
    assert InboxEvent.select().where(InboxEvent.source == event_kinds.SURVEY_TRIED).count() == 1
    assert "送っています" in get(owner, QUESTION).text
    with write_transaction():
        asked = invitations.invite(hana.id, "staff:1")
    assert "0から10のどれか" in get(owner, QUESTION).text
    with write_transaction():
        answers.record_score(hana.id, asked, 0)
    assert "届きました: 0点" in get(owner, QUESTION).text


def test_what_only_the_owner_can_see_is_confirmed(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    for what, status in (("greeting", 303), ("nonsense", 404)):
        assert post(owner, f"{GUIDE}/confirm/{what}", page=HOURS).status_code == status
    assert facts.keys("confirmed:") == {"confirmed:greeting"}
