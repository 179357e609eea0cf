"""What a customer unsent is in no table any more, nor the earlier text of an edited message, in any order of
events."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from bot.db import database
from bot.db.database import write_transaction
from bot.files.media import Media
from bot.queue import message_changes
from bot.queue.inbox import InboxEvent
from bot.routing import routes
from console.auth import staff_accounts
from support.tickets import notes
from support.transcript import search, transcript
from surveys.testimonials.tables import Consent
from tests.conversations.scenario import Phone, Scenario
from tests.conversations.test_testimonials import newest, page, publishes, writes

SECRET = "わたしの住所は台東区谷中一丁目です"


def found_in(words: str = SECRET) -> list[str]:
    """The tables that hold it, in whatever form."""
    forms = (words, json.dumps(words)[1:-1], json.dumps(words, ensure_ascii=False)[1:-1], quote(words))
    tables = [
        row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    ]
    holding = []
    for table in tables:
        if table.startswith("transcript_word"):  # pairs of letters, without the text
            continue
        rows = repr(database.execute(f'SELECT * FROM "{table}"').fetchall())
        if any(form in rows or repr(form)[1:-1] in rows for form in forms):
            holding.append(table)
    return holding


def unsends(phone: Phone, message_id: str) -> None:
    assert phone.causes("unsend", unsend={"messageId": message_id}) == []


def says(phone: Phone, words: str = SECRET) -> str:
    message_id = phone.handset.say(words)
    phone.hears()
    return message_id


def in_a_chat(scenario: Scenario, misaki: Phone) -> str:
    misaki.says("スタッフと話す")
    return says(misaki)


def as_a_question(scenario: Scenario, misaki: Phone) -> str:
    return says(misaki)


def after_a_score(scenario: Scenario, misaki: Phone) -> str:
    misaki.says("アンケート")
    misaki.taps("2")
    return says(misaki)


def about_how_it_went(scenario: Scenario, misaki: Phone) -> str:
    misaki.says("スタッフと話す")
    scenario.staff_say(misaki.ticket, "お待たせしました")
    scenario.staff_resolve(misaki.ticket)
    misaki.hears()
    misaki.taps("🙂良い")
    return says(misaki)


def as_a_testimonial(scenario: Scenario, misaki: Phone) -> str:
    misaki.says("感想を書く")
    message_id = says(misaki)
    misaki.taps("スキップ")
    misaki.taps("匿名なら掲載OK")
    publishes(scenario)
    misaki.says("お客様の声")
    misaki.says("声を取り下げる")
    return message_id


def where_a_testimonial_is_waited_for(scenario: Scenario, misaki: Phone) -> str:
    misaki.says("感想を書く")
    return says(misaki, f"{SECRET}、届くのはいつですか？")


PLACES = (
    in_a_chat,
    as_a_question,
    after_a_score,
    about_how_it_went,
    as_a_testimonial,
    where_a_testimonial_is_waited_for,
)


@pytest.mark.parametrize("place", PLACES)
def test_unsent_words_stand_nowhere(scenario: Scenario, place: Callable[[Scenario, Phone], str]) -> None:
    misaki = scenario.customer()
    message_id = place(scenario, misaki)
    assert "inbox_event" in found_in()
    unsends(misaki, message_id)
    assert found_in() == []
    lines = transcript.page(misaki.customer.conversation_id or 0).lines
    assert SECRET not in repr(lines)
    assert [line.kind for line in lines if line.who == transcript.CUSTOMER].count("unsent") == 1
    assert search.search("台東区谷中").lines == []


@pytest.mark.parametrize("place", PLACES[:4])
def test_edited_words_take_the_place_of_the_earlier_ones(
    scenario: Scenario, place: Callable[[Scenario, Phone], str]
) -> None:
    misaki = scenario.customer()
    message_id = place(scenario, misaki)
    message = {"id": message_id, "type": "text", "text": "住所はお電話で伝えます"}
    assert misaki.causes("messageEdited", message=message) == []
    assert found_in() == []
    assert "inbox_event" in found_in("住所はお電話で伝えます")
    again = {**message, "text": "やっぱり直接伝えます"}
    misaki.causes("messageEdited", message=again)
    assert found_in("住所はお電話で伝えます") == []
    unsends(misaki, message_id)
    assert found_in("やっぱり直接伝えます") == []


def test_a_nickname_that_was_unsent_is_shown_no_more(scenario: Scenario) -> None:
    misaki = scenario.customer()
    writes(misaki)
    misaki.taps("ニックネームで掲載OK")
    message_id = says(misaki, "谷中のみーちゃん")
    misaki.taps("この名前で掲載OK")
    publishes(scenario)
    assert "谷中のみーちゃん" in page(scenario)
    unsends(misaki, message_id)
    assert "谷中のみーちゃん" not in page(scenario)
    assert newest().consent == Consent.ANONYMOUS
    assert found_in("谷中のみーちゃん") == []


def test_places_stickers_and_the_names_of_files_go_too(scenario: Scenario) -> None:
    misaki = scenario.customer()
    message = {
        "type": "location",
        "id": "71",
        "title": SECRET,
        "address": SECRET,
        "latitude": 35.7,
        "longitude": 139.7,
    }
    misaki.causes("message", message=message)
    misaki.causes(
        "message", message={"type": "file", "id": "72", "fileName": f"{SECRET}.pdf", "fileSize": 10}
    )
    sticker = {
        "type": "sticker",
        "id": "73",
        "packageId": "1",
        "stickerId": "2",
        "text": SECRET,
        "keywords": [SECRET],
    }
    misaki.causes("message", message=sticker)
    assert {"inbox_event", "media"} <= set(found_in())
    for number in ("71", "72", "73"):
        unsends(misaki, number)
    assert found_in() == []
    assert "35.7" not in "".join(row.body for row in InboxEvent.select())


def test_what_is_unsent_before_it_comes_in_is_never_read(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("スタッフと話す")
    unsends(misaki, "81")
    assert misaki.causes("message", message={"type": "text", "id": "81", "text": SECRET}) == []
    unsends(misaki, "82")
    misaki.causes("message", message={"type": "image", "id": "82", "contentProvider": {"type": "line"}})
    assert found_in() == []
    assert Media.select().count() == 0, "nor fetched"


def test_an_edit_that_comes_first_is_what_is_read(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("アンケート")
    misaki.taps("8")
    misaki.causes("messageEdited", message={"type": "text", "id": "83", "text": "よい香りでした"})
    misaki.causes("message", message={"type": "text", "id": "83", "text": SECRET})
    assert found_in() == []
    assert "survey_answer" in found_in("よい香りでした")


def test_a_message_whose_handler_failed_leaves_no_words_in_its_error(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    misaki = scenario.customer()
    scenario.may_park = True

    def fails(event: Any) -> list[Any]:
        raise ValueError(f"cannot read {event.text}")

    with monkeypatch.context() as broken:
        broken.setattr(routes, "dispatch", fails)
        misaki.handset.say(SECRET)
        for _ in range(5):
            scenario.sleep(minutes=2)
            scenario.settle()
    [parked] = InboxEvent.select().where(InboxEvent.state == "parked")
    assert SECRET in str(parked.error)
    unsends(misaki, json.loads(parked.body)["message"]["id"])
    assert found_in() == []
    assert InboxEvent.get_by_id(parked.id).error == "ValueError"


def test_in_a_group_and_in_standby_it_counts_as_well(scenario: Scenario) -> None:
    misaki = scenario.customer()
    group = {"type": "group", "groupId": "C" + "1" * 32, "userId": misaki.user_id}
    text = {"type": "text", "id": "91", "text": SECRET}
    scenario.hears_from_line(scenario.event("message", source=group, message=text))
    assert found_in() == ["inbox_event"]
    scenario.hears_from_line(scenario.event("unsend", source=group, unsend={"messageId": "91"}))
    assert found_in() == []
    misaki.causes("message", mode="standby", message={**text, "id": "92"})
    assert "inbox_event" in found_in()
    misaki.causes("unsend", mode="standby", unsend={"messageId": "92"})
    assert found_in() == []


def test_nobody_elses_words_go_and_what_staff_wrote_stays(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    kenta.says("スタッフと話す")
    kenta.says(SECRET)
    message_id = in_a_chat(scenario, misaki)
    assert misaki.ticket
    scenario.staff_say(misaki.ticket, f"{SECRET}、とのことですね")
    misaki.hears()
    unsends(misaki, message_id)
    bodies = [row.body for row in InboxEvent.select() if json.dumps(SECRET)[1:-1] in row.body]
    assert len(bodies) == 2, "Kenta's, and the answer of staff"


def test_a_short_command_that_was_unsent_spoils_no_card(scenario: Scenario) -> None:
    misaki = scenario.customer()
    misaki.says("ポイント")
    message_id = says(misaki, "ポイント")
    before = misaki.says("ポイント")
    unsends(misaki, message_id)
    assert message_changes.BLANK not in "".join(before)
    assert misaki.says("ポイント") == before


def test_what_was_unsent_before_the_update_is_swept(scenario: Scenario) -> None:
    misaki = scenario.customer()
    message_id = says(misaki)
    body = InboxEvent.get(InboxEvent.body.contains(f'"{message_id}"')).body
    unsends(misaki, message_id)
    edited = says(misaki, "はじめの住所を書きました")
    misaki.causes("messageEdited", message={"id": edited, "type": "text", "text": "住所はまたあとで"})
    # As an earlier version left it.
    InboxEvent.update(body=body).where(InboxEvent.body.contains('"unsent"')).execute()
    message_changes.ChangedMessage.delete().execute()
    assert found_in() == ["inbox_event"]
    assert sum(message_changes.sweep()) > 0
    assert found_in() == []
    assert sum(message_changes.sweep()) > 0, "safe to repeat"


def test_a_note_of_staff_is_theirs(scenario: Scenario) -> None:
    misaki = scenario.customer()
    message_id = in_a_chat(scenario, misaki)
    with write_transaction():
        person = staff_accounts.add("hana@example.jp", "佐藤 はな", "staff", "correct horse battery")
        assert misaki.ticket
        notes.add(misaki.ticket.id, person.id, "住所を確認した")
    unsends(misaki, message_id)
    assert "ticket_note" in found_in("住所を確認した")
