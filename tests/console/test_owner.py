"""The owner's pages: figures with enough answers, and failed jobs."""

import re

import pytest

from bot import conversations, localtime, notices
from bot.db.database import write_transaction
from bot.line import messages as line
from bot.line.delivery import PARKED, Answer
from bot.line.multicast_delivery import MulticastVerdict
from bot.queue import multicast_leases, multicasts
from bot.queue.inbox import InboxEvent
from bot.queue.outbox import OutboxMessage
from console.figures import answers, cache
from console.shell import audit
from journeys.enrolments import goals_and_exits
from journeys.enrolments.tables import Enrolment
from tests.console import chats
from tests.console.conftest import SignIn, get, post
from tests.console.unasked import a_flow, a_sent_step


def test_an_empty_shop_has_a_page_too(sign_in: SignIn) -> None:
    page = get(sign_in("owner"), "/console/figures").text
    assert "まだ回答がありません" in page
    assert "回答0件 判断するにはまだ少なすぎます" in page
    assert "0人にたずねた0件のうち0件に回答" in page


def test_few_answers_are_shown_and_no_score(sign_in: SignIn) -> None:
    for score in (10, 9, 3):
        chats.scored(chats.customer("客"), score)
    page = get(sign_in("owner"), "/console/figures").text
    assert "回答3件 判断するにはまだ少なすぎます" in page
    assert "お客様3人 判断するにはまだ少なすぎます" in page
    assert not re.search(r'class="big"><a[^>]*>[+-]', page)


def test_enough_answers_give_a_score_with_its_interval(sign_in: SignIn) -> None:
    """40 answers: 20 promoters, 12 passives, 8 detractors. NPS +30; as adjusted 12/43 ± 1.96·√((29.5/43−0.0779)/43)."""
    for score in [10] * 20 + [8] * 12 + [2] * 8:
        chats.scored(chats.customer("客"), score)
    page = get(sign_in("owner"), "/console/figures").text
    assert len(re.findall(r'class="big"><a href="/console/figures/nps[^"]*">\+30</a>', page)) == 3
    assert "+5から+51 · 回答40件" in page
    assert "+5から+51 · お客様40人" in page


def test_who_answers_twice_is_two_answers_of_one_person(sign_in: SignIn) -> None:
    """Forty people said 3 in spring and 9 now: of people +100, of answers 0. The 90 days before have none."""
    for _ in range(40):
        who = chats.customer("客")
        chats.scored(who, 3, days_ago=200)
        chats.scored(who, 9, days_ago=1)
    client = sign_in("owner")
    page = get(client, "/console/figures").text
    assert re.findall(r'class="big"><a href="/console/figures/(nps[^"]*)">([+-]\d+)</a>', page) == [
        ("nps", "+0"),
        ("nps-latest", "+100"),
        ("nps-90-days", "+100"),
    ]
    assert "+84から+100 · お客様40人" in page, "forty of forty is not without doubt"
    assert "期間中に答えたお客様40人を" in page
    assert "期間中の回答80件です" in page
    assert "40人にたずねた80件のうち80件に回答" in page
    assert post(client, "/console/language/en", page="/console/figures").status_code == 303
    assert "+84 to +100" in get(client, "/console/figures").text


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (8, 9, "<strong>+100</strong>"),
        (9, 9, "変わったとは言えません"),
    ],
)
def test_ninety_days_stand_beside_the_ninety_before(
    sign_in: SignIn, before: int, now: int, said: str
) -> None:
    for _ in range(35):
        chats.scored(chats.customer("客"), before, days_ago=120)
        chats.scored(chats.customer("客"), now, days_ago=10)
    page = get(sign_in("owner"), "/console/figures").text
    assert "その前の90日（回答35件）より" in page
    assert said in page


def test_a_large_shops_figures_are_cached_and_counted_beside(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats.scored(chats.customer("客"), 10)
    answers.refresh()
    assert cache.CachedFigures.select().count() == 0, "a small shop's figures are always counted"
    monkeypatch.setattr(cache, "LARGE", 0)
    client = sign_in("owner")
    with cache._counting:  # as if another request had begun to count
        assert "はじめての集計" in get(client, "/console/figures").text
    answers.refresh()
    chats.scored(chats.customer("客"), 9)
    assert "お客様1人" in get(client, "/console/figures").text, "as counted before"
    with localtime.fixed(localtime.now() + cache.CACHE_LIFETIME * 2):
        assert "お客様1人" in get(client, "/console/figures").text, "old figures are better than none"
        with cache._counting:  # waits for the count that the page began
            assert "お客様2人" in get(client, "/console/figures").text


def test_what_failed_is_shown_with_its_reason_and_replayed_once(sign_in: SignIn) -> None:
    client = sign_in("owner")
    chats.unhappy_customer()
    parked = InboxEvent.select().first()
    InboxEvent.update(state="parked", error="Traceback\nKeyError: 'score'").where(
        InboxEvent.id == parked.id
    ).execute()
    refused = OutboxMessage.get(OutboxMessage.state == "parked")
    page = get(client, "/console/stuck").text
    assert "KeyError: &#39;score&#39;" in page
    assert "in the request body is invalid" in page
    for kind, row in (("event", parked), ("send", refused)):
        for expected in ("もう一度試しています", "すでにやり直されています"):
            assert (
                post(client, f"/console/stuck/{kind}/{row.id}/replay", page="/console/stuck").status_code
                == 303
            )
            assert expected in get(client, "/console/stuck").text
    assert InboxEvent.get_by_id(parked.id).state == "pending"
    assert OutboxMessage.get_by_id(refused.id).state == "due"
    assert post(client, "/console/stuck/other/1/replay", page="/console/stuck").status_code == 404


def test_a_customer_parked_in_a_flow_is_shown_with_the_error_and_goes_on(sign_in: SignIn) -> None:
    client = sign_in("owner")
    misaki = chats.customer("佐藤 美咲")
    a_sent_step(misaki, a_flow("first", "はじめてのお買い物のあと", "order"))
    there = Enrolment.get()
    there.ended_at = None
    with write_transaction():
        goals_and_exits.park(there, ValueError("figures are missing"))
    page = get(client, "/console/stuck").text
    for said in ("佐藤 美咲", "はじめてのお買い物のあと", "how-to", "ValueError: figures are missing"):
        assert said in page, said
    for expected in ("もう一度試しています", "すでにやり直されています"):
        post(client, f"/console/stuck/step/{there.id}/replay", page="/console/stuck")
        assert expected in get(client, "/console/stuck").text
    assert Enrolment.get().state == "waiting"
    assert notices.current() == []
    assert audit.page(None, "replay", None, None)[0].details
    with write_transaction():
        goals_and_exits.park(Enrolment.get(), ValueError("again"))
    post(client, "/console/language/en", page="/console/stuck")
    assert "Steps of flows that stopped" in get(client, "/console/stuck").text
    post(client, "/console/language/ja", page="/console/stuck")
    post(client, "/console/stuck/step/replay", page="/console/stuck")
    assert "1件をもう一度試しています" in get(client, "/console/stuck").text


def test_only_the_owner_lets_a_parked_customer_go_on(sign_in: SignIn) -> None:
    client = sign_in("staff")
    assert client.post("/console/stuck/step/1/replay").status_code in (400, 403, 404)


def test_all_that_failed_is_replayed_at_once_and_its_notices_go(sign_in: SignIn) -> None:
    client = sign_in("owner")
    chats.unhappy_customer()
    InboxEvent.update(state="parked", error="KeyError").execute()
    failed_count = InboxEvent.select().count()
    with write_transaction():
        notices.notify(f"inbox-parked:{InboxEvent.select().first().id}", "処理できない出来事があります。")
    post(client, "/console/stuck/event/replay", page="/console/stuck")
    assert f"{failed_count}件をもう一度試しています" in get(client, "/console/stuck").text
    assert not InboxEvent.select().where(InboxEvent.state == "parked").exists()
    assert notices.current() == []
    [entry] = audit.page(None, "replay_all", None, None)
    assert entry.details == f'{{"count": {failed_count}}}'


def test_a_current_notice_is_on_every_page(sign_in: SignIn) -> None:
    with write_transaction():
        notices.notify("quota", "今月の送信数の上限に達しました。")
    client = sign_in("owner")
    for path in ("tickets", "figures", "referrals", "stuck"):
        assert "上限に達しました" in get(client, f"/console/{path}").text


def test_a_parked_multicast_is_shown_and_its_recipients_are_given_back_once(sign_in: SignIn) -> None:
    client = sign_in("owner")
    chat = conversations.ensure("U" + "a" * 32)
    with write_transaction():
        made = multicasts.create([chat], [line.text("春の便り")], cause="campaign:1:1")
        call = multicast_leases.take_next("a worker")
        assert call is not None
        multicast_leases.settle_recipients(call)
        multicast_leases.record(call, MulticastVerdict(PARKED, "refused"), Answer(400, "May not be empty"))
        notices.notify(f"{multicasts.PARKED_NOTICE}:{made}", "止まりました")
    page = get(client, "/console/stuck").text
    assert "campaign:1:1" in page
    assert "May not be empty" in page
    assert "届いているかもしれません" not in page
    for expected in ("もう一度試しています", "すでにやり直されています"):
        post(client, f"/console/stuck/multicast/{made}/replay", page="/console/stuck")
        assert expected in get(client, "/console/stuck").text
    assert multicasts.Multicast.get_by_id(made).reason == "replay"
    assert notices.current() == []
    assert "止まった一斉送信" not in get(client, "/console/stuck").text
