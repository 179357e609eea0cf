"""Every change of an FAQ entry is a version; two people do not overwrite each other; questions link to tickets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import peewee
import pytest

from bot import conversations, localtime
from bot.config.settings import Settings
from bot.db import database
from customers.orders.purchases import Product
from customers.people import customer as customers
from support.faq import entries, importing, missing, overview, questions_asked
from support.faq.overview import Wanted
from support.faq.tables import Content, FaqAsked, FaqEntry, FaqUpload, FaqVersion
from support.tickets import tickets

NOON = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
SHIPPING = Content("送料は？", "550円です。", ("送料いくら",), ("配送",))


@pytest.fixture(autouse=True)
def transaction(any_database: peewee.Database) -> Iterator[None]:
    with localtime.fixed(NOON), database.write_transaction():
        yield


def stored_versions(entry_id: int) -> list[tuple[int, str, bool, int | None]]:
    return [(v.revision, v.answer, v.withdrawn, v.changed_by_id) for v in entries.versions(entry_id)]


def test_each_change_is_a_version_with_its_author() -> None:
    entry_id = entries.create(SHIPPING, by=7)
    assert entries.change(entry_id, Content("送料は？", "無料です。"), by=8, seen=1)
    assert not entries.change(entry_id, Content("送料は？", "無料です。"), by=8), (
        "nothing changed: no version"
    )
    assert entries.withdraw(entry_id, by=7)
    assert entries.restore(entry_id, by=8)
    assert not entries.restore(entry_id, by=8)
    assert stored_versions(entry_id) == [
        (4, "無料です。", False, 8),
        (3, "無料です。", True, 7),
        (2, "無料です。", False, 8),
        (1, "550円です。", False, 7),
    ]
    assert entries.versions(entry_id)[-1].content == SHIPPING


def test_the_stock_that_ships_begins_with_a_version_of_each_entry() -> None:
    count = entries.seed_if_empty()
    assert FaqVersion.select().where(FaqVersion.revision == 1).count() == FaqVersion.select().count() == count


def test_who_read_an_older_version_does_not_overwrite_the_newer() -> None:
    entry_id = entries.create(SHIPPING)
    entries.change(entry_id, Content("送料は？", "600円です。"), seen=1)
    with pytest.raises(entries.ChangedMeanwhile):
        entries.change(entry_id, Content("送料は？", "700円です。"), seen=1)
    assert FaqEntry.get_by_id(entry_id).answer == "600円です。"


def test_two_entries_never_ask_the_same() -> None:
    first = entries.create(SHIPPING)
    second = entries.create(Content("返品は？", "できます。"))
    with pytest.raises(entries.QuestionTaken) as taken:
        entries.create(SHIPPING)
    assert taken.value.entry_id == first
    with pytest.raises(entries.QuestionTaken):
        entries.change(second, SHIPPING)


def test_paraphrases_are_added_once() -> None:
    entry_id = entries.create(SHIPPING)
    assert entries.add_paraphrases(entry_id, ["送料いくら", "配送料", "送料は？", "", "配送料"]) == 1
    assert FaqEntry.get_by_id(entry_id).paraphrase_list == ["送料いくら", "配送料"]
    assert entries.add_paraphrases(entry_id, ["配送料"]) == 0
    assert len(entries.versions(entry_id)) == 2


def test_an_import_is_planned_and_then_done_by_somebody() -> None:
    Product.create(sku="HD-101", name="石けん")
    stored = entries.create(Content("送料は？", "550円です。", ("送料いくら",), ("配送",), "HD-101"))
    content = (
        "質問,回答,商品\n送料は？,600円です。,HD-101\n返品は？,できます。,\n交換は？,できます。,XX\n".encode()
    )
    planned = importing.plan(content)
    assert [(step.line, step.kind) for step in planned.steps] == [(2, "changed"), (3, "added")]
    assert [bad.line for bad in planned.bad_rows] == [4]
    assert FaqEntry.select().count() == 1
    importing.carry_out(planned, by=7)
    assert FaqEntry.get_by_id(stored).content == Content(
        "送料は？", "600円です。", ("送料いくら",), ("配送",), "HD-101"
    )
    assert stored_versions(stored)[0] == (2, "600円です。", False, 7)
    assert [step.kind for step in importing.plan(content).steps] == ["same", "same"]


def test_a_file_that_nobody_confirmed_is_thrown_away() -> None:
    mine = importing.keep_upload(b"a", "a.csv", 7)
    assert importing.find_upload(mine, 8) is None, "another person's file"
    with localtime.fixed(NOON + timedelta(days=2)):
        importing.keep_upload(b"b", "b.csv", 7)
    assert [bytes(each.content) for each in FaqUpload.select()] == [b"b"]


def a_ticket(name: str) -> tickets.Ticket:
    conversation_id = conversations.ensure(name)
    customer = customers.follow(name, conversation_id)
    return tickets.open_ticket(customer.id, conversation_id, cause=tickets.ASKED, cause_key=name).ticket


def test_a_ticket_is_tied_to_the_question_that_led_to_it() -> None:
    entry_id = entries.create(SHIPPING)
    ticket = a_ticket("U1")
    here = ticket.conversation_id
    with localtime.fixed(NOON - timedelta(hours=1)):
        old = questions_asked.record_answered(here, entry_id, "送料")
    solved = questions_asked.record_answered(here, entry_id, "送料いくら")
    questions_asked.settle(solved, here, solved=True)
    assert not questions_asked.record_escalated(here, ticket.id), "one is too old, the other was solved"
    assert questions_asked.record_escalated(here, ticket.id, old), (
        "but the button on the old one says what it is about"
    )
    assert not questions_asked.record_escalated(here, ticket.id, old), "once"
    fresh = questions_asked.record_answered(here, entry_id, "送料は")
    assert not questions_asked.record_escalated(conversations.ensure("U2"), ticket.id, fresh), (
        "somebody else's button"
    )
    assert questions_asked.record_escalated(here, ticket.id)
    assert questions_asked.settle(fresh, here, solved=False)
    assert questions_asked.figures(FaqEntry.get_by_id(entry_id)) == questions_asked.Figures(
        asked_count=3, solved_count=1, unsolved_count=1, escalated_count=2, failed_count=2
    )


def test_titles_that_led_to_staff_turn_out_to_fit_nothing() -> None:
    entry_id = entries.create(SHIPPING)
    ticket = a_ticket("U1")
    offered = questions_asked.record_offered(ticket.conversation_id, "送料と返品")
    assert questions_asked.record_pick(offered, ticket.conversation_id, entry_id) == offered
    assert FaqAsked.get_by_id(offered).outcome == "answered"
    assert questions_asked.record_pick(offered, ticket.conversation_id, entry_id) != offered, (
        "the same titles, tapped again"
    )
    passed = questions_asked.record_offered(ticket.conversation_id, "送料と返品と交換")
    questions_asked.record_escalated(ticket.conversation_id, ticket.id, passed)
    assert FaqAsked.get_by_id(passed).outcome == "unanswered"


def test_what_is_missing_leaves_the_list_when_the_stock_has_it() -> None:
    for number, words in enumerate(("駐車場はありますか", "駐車場ありますか？", "お店の駐車場はどこ")):
        questions_asked.record_unanswered(conversations.ensure(f"U{number}"), words)
    [cluster] = missing.missing().clusters
    assert (cluster.customer_count, missing.find(cluster.question_ids[1])) == (3, cluster)
    with localtime.fixed(NOON + timedelta(minutes=1)):
        entries.create(Content("駐車場はありますか", "裏に3台分です。", ("駐車場ありますか？",)))
    assert missing.missing().clusters == ()


def test_titles_that_nobody_tapped_are_missing_after_half_an_hour() -> None:
    entries.create(SHIPPING)
    questions_asked.record_offered(conversations.ensure("U1"), "送料と返品")
    assert missing.missing().clusters == (), "the customer may be reading them"
    with localtime.fixed(NOON + timedelta(minutes=31)):
        assert [each.leader.words for each in missing.missing().clusters] == ["送料と返品"]


def test_an_answer_that_did_not_help_is_missing_until_it_is_changed() -> None:
    entry_id = entries.create(SHIPPING)
    here = conversations.ensure("U1")
    asked = questions_asked.record_answered(here, entry_id, "送料いくら")
    questions_asked.settle(asked, here, solved=False)
    [cluster] = missing.missing().clusters
    assert cluster.leader.words == "送料いくら"
    with localtime.fixed(NOON + timedelta(minutes=1)):
        entries.change(
            entry_id, Content("送料は？", "本州550円、北海道と沖縄は1,100円です。", ("送料いくら",))
        )
    assert missing.missing().clusters == ()


def test_what_is_set_aside_does_not_come_back_but_new_askers_do() -> None:
    here = conversations.ensure("U1")
    questions_asked.record_unanswered(here, "ぬるぽ")
    [cluster] = missing.missing().clusters
    assert missing.set_aside(cluster.question_ids) == 1
    assert missing.missing().clusters == ()
    assert missing.find(cluster.question_ids[0]) is None
    questions_asked.record_unanswered(here, "ぬるぽ")
    assert len(missing.missing().clusters) == 1


def test_the_list_judges_few_answers_carefully() -> None:
    unlucky, bad, good = (entries.create(Content(f"質問{n}", "答え")) for n in range(3))
    here = conversations.ensure("U1")
    for entry_id, count, failed in ((unlucky, 1, 1), (bad, 30, 20), (good, 30, 1)):
        for number in range(count):
            asked = questions_asked.record_answered(here, entry_id)
            questions_asked.settle(asked, here, solved=number >= failed)
    rows = overview.page(Wanted(sort=overview.FAILED)).rows
    assert [row.entry.id for row in rows] == [bad, unlucky, good]
    assert [row.entry.id for row in overview.page(Wanted(sort=overview.ASKED)).rows] == [bad, good, unlucky]


def test_the_list_goes_on_page_by_page(settings: Settings) -> None:
    for number in range(51):
        entries.create(Content(f"質問{number}", "答え"))
    assert [len(overview.page(Wanted(page=number)).rows) for number in (1, 2, 3)] == [50, 1, 1]
