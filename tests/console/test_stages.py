"""The pages of the stages, of RFM and of recency: each number with its people, in both languages, cached when large."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot import localtime
from bot.db.database import write_transaction
from console.figures import cache, catalogue
from console.figures.cache import CachedFigures
from console.stages import belt_figures, pushes, recency_figures, rfm_figures
from customers.people.customer import Customer
from handlers import profile_jobs
from journeys.audience.definition import Audience
from journeys.audience.tables import CustomerProfile, StageChange
from journeys.campaigns import campaigns
from journeys.campaigns.tables import Campaign
from journeys.enrolments.stages import Stage
from journeys.enrolments.tables import HELD_OUT, WAITING
from journeys.flows.definition import Event
from tests.console import chats, test_effects
from tests.console.conftest import SignIn, get, post
from tests.orders import ordered

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
EACH_PAGE = ("/console/stages", "/console/rfm", "/console/recency")
LISTS = (
    *("/console/stages/first", "/console/stages/first?reached=1", "/console/stages/moves?way=back"),
    *("/console/rfm/people", "/console/rfm/people?r=1&f=1", "/console/recency/people?band=due"),
)


@pytest.fixture(autouse=True)
def _now(app: Any) -> Iterator[None]:
    with localtime.fixed(NOW):
        yield


def bought(name: str, *days_ago: int, yen: int = 3_000) -> Customer:
    """Somebody who ordered so many days ago."""
    who = chats.customer(name)
    with write_transaction():
        for days in days_ago:
            ordered(who, NOW - timedelta(days=days), yen)
    return who


def a_shop() -> dict[str, Customer]:
    """Seven customers with their profiles, two of whom changed their stage."""
    made = {
        "new": chats.customer("新田 あい"),
        "first": bought("初田 いく", 10),
        "repeat": bought("再田 うみ", 100, 40),
        "late": bought("遅田 えり", 200, 70),
        "fallen": bought("戻田 おと", 20),
        "lost": bought("去田 かな", 250),
        "back": bought("帰田 きよ", 300, 5, yen=20_000),
    }
    Customer.update(first_seen_at=NOW - timedelta(days=400)).execute()
    profile_jobs.keep_profiles()
    CustomerProfile.update(stage_since=NOW - timedelta(days=75)).execute()
    move(made["repeat"], Stage.FIRST, Stage.REPEAT, 40)
    move(made["fallen"], Stage.FAN, Stage.FIRST, 3)
    return made


def move(who: Customer, before: Stage, after: Stage, days_ago: int) -> None:
    at = NOW - timedelta(days=days_ago)
    StageChange.create(customer=who, before=before.value, after=after.value, changed_at=at)


def names_in(page: str) -> set[str]:
    """The customers of a list."""
    return set(re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page))


def links_of(page: str, part: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', page) if part in each]


def test_every_number_of_the_stages_leads_to_its_people(sign_in: SignIn) -> None:
    shop, client = a_shop(), sign_in("owner")
    page = get(client, "/console/stages").text
    assert "段階の記録は2026年9月16日からです。" in page
    assert "記録が短いので" in page
    assert "少なすぎます" in page  # nothing is said of seven people
    assert names_in(get(client, "/console/stages/first").text) == {
        shop[each].display_name for each in ("first", "fallen", "lost")
    }
    assert names_in(get(client, "/console/stages/repeat?reached=1").text) == {
        shop[each].display_name for each in ("repeat", "late", "back")
    }
    assert names_in(get(client, "/console/stages/first?on=2026-10-10").text) == {
        shop[each].display_name for each in ("first", "repeat", "lost")
    }
    assert names_in(get(client, "/console/stages/moves?month=2026-10-01&way=forward").text) == {"再田 うみ"}
    assert names_in(get(client, "/console/stages/moves?month=2026-11-01&way=back").text) == {"戻田 おと"}
    for address in links_of(page, "/console/stages/"):
        assert get(client, address).status_code == 200, address


def test_a_stage_becomes_the_audience_of_a_new_campaign(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    [address] = links_of(get(client, "/console/stages/repeat").text, "/campaigns/new")
    page = get(client, address).text
    assert "ステージがリピートの方" in page
    hidden = dict(re.findall(r'type="hidden" name="(audience\.[a-z_]+)" value="([^"]*)"', page))
    form: dict[str, Any] = {"name": "もう一度", "class": "care", **hidden}
    answer = post(client, address, page=address, **form)
    assert answer.status_code == 303
    assert campaigns.definition_of(Campaign.get()).audience.stages == ("repeat",)


def test_a_cell_of_rfm_becomes_an_audience_too(sign_in: SignIn) -> None:
    a_shop()
    [address] = links_of(get(sign_in("owner"), "/console/rfm/people?r=1&f=1").text, "/campaigns/new")
    assert "audience.min_days_since_order=31" in address
    assert "audience.max_days_since_order=60" in address
    assert "audience.max_orders=2" in address


def test_rfm_between_two_days(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    page = get(client, "/console/rfm").text
    assert 'value="2026-08-30"' in page
    assert 'value="2026-11-30"' in page
    tiles = {
        who: names_in(get(client, f"/console/rfm/people?from=2026-08-30&to=2026-11-30&who={who}").text)
        for who in ("new", "lost", "back")
    }
    assert tiles == {"new": {"初田 いく", "戻田 おと"}, "lost": {"去田 かな"}, "back": {"帰田 きよ"}}
    for address in links_of(page, "/console/rfm/people"):
        listed = get(client, address)
        assert names_in(listed.text), address
    for wrong in ("from=yesterday", "from=2026-11-30&to=2026-08-30", "to=2099-01-01"):
        assert 'role="alert"' in get(client, f"/console/rfm?{wrong}").text
    assert get(client, "/console/rfm?by=m&from=2026-01-01&to=2026-06-30").status_code == 200


def test_numbers_of_the_rfm_grid_are_as_many_people_as_its_lists_have(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    for axis in ("r", "f", "m"):
        page = get(client, f"/console/rfm?by={axis}").text
        cells = re.findall(r'<a href="([^"]+/rfm/people[^"]+)">(\d+)人', page)
        assert len(cells) > 5
        for address, count in cells:
            assert len(names_in(get(client, unescape(address)).text)) == int(count), address


def test_recency_and_its_people(sign_in: SignIn) -> None:
    a_shop()
    client = sign_in("owner")
    page = get(client, "/console/recency").text
    assert "今日の連絡へ" in page
    assert names_in(get(client, "/console/recency/people?band=due").text) == {"再田 うみ"}
    assert names_in(get(client, "/console/recency/people?band=late").text) == {"遅田 えり"}
    assert names_in(get(client, "/console/recency/people?band=recent").text) == {"帰田 きよ"}
    assert names_in(get(client, "/console/recency/people?band=passed").text) == {"遅田 えり"}
    assert names_in(get(client, "/console/recency/people?band=due&on=2026-10-31").text) == {"遅田 えり"}
    for address in links_of(page, "/console/recency/people"):
        assert get(client, address).status_code == 200, address


@pytest.mark.parametrize("address", LISTS)
def test_each_list_exports_the_same_people(sign_in: SignIn, address: str) -> None:
    a_shop()
    client = sign_in("owner")
    page = get(client, address).text
    [file] = links_of(page, ".csv")
    rows = list(csv.reader(io.StringIO(get(client, file).text.lstrip("\ufeff"))))
    assert rows[0][0] == "お客様番号"
    assert {row[1] for row in rows[1:]} == names_in(page)


@pytest.mark.parametrize(
    "address",
    [
        *("/console/stages/nowhere", "/console/stages/first?on=2026-01-01", "/console/stages/first?on=x"),
        *("/console/stages/moves?way=sideways", "/console/stages/moves?month=x"),
        *("/console/rfm/people?r=6", "/console/rfm/people?r=-1", "/console/rfm/people?who=me"),
        *("/console/recency/people?band=no", "/console/recency/people?on=2099-01-01"),
    ],
)
def test_what_there_is_no_list_of_is_not_found(sign_in: SignIn, address: str) -> None:
    a_shop()
    assert get(sign_in("owner"), address).status_code == 404


def test_a_list_goes_on_from_page_to_page(sign_in: SignIn) -> None:
    for number in range(53):
        chats.customer(f"新 {number}")
    profile_jobs.keep_profiles()
    client = sign_in("owner")
    first = get(client, "/console/stages/acquired").text
    [address] = links_of(first, "after=")
    rest = get(client, address).text
    assert (len(names_in(first)), len(names_in(rest))) == (50, 3)
    assert not names_in(first) & names_in(rest)


@pytest.mark.parametrize("path", EACH_PAGE)
def test_pages_without_anybody_and_in_english(sign_in: SignIn, path: str) -> None:
    client = sign_in("owner")
    assert get(client, path).status_code == 200
    a_shop()
    post(client, "/console/language/en", next=path)
    page = get(client, path).text
    main = re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0])
    assert not re.findall(r"[ぁ-ん]{2,}", main)


@pytest.mark.parametrize(
    ("path", "figures"),
    [
        ("/console/stages", belt_figures.refresh),
        ("/console/rfm", rfm_figures.refresh),
        ("/console/recency", recency_figures.refresh),
    ],
)
def test_a_large_shop_s_figures_are_those_that_a_small_one_counts(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, path: str, figures: Any
) -> None:
    a_shop()
    client = sign_in("owner")
    small = tables_of(client, path)
    monkeypatch.setattr(cache, "LARGE", 2)
    figures()
    assert CachedFigures.select().count() >= 1
    assert tables_of(client, path) == small
    assert "に数えた数字です。" in get(client, path).text


def tables_of(client: FlaskClient, path: str) -> list[str]:
    return re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", get(client, path).text, re.DOTALL)


def test_other_days_of_rfm_are_forgotten() -> None:
    for name, days in (("rfm:2026-01-01:2026-02-01", 2), ("rfm:2026-01-01:2026-03-01", 0), ("flows", 9)):
        CachedFigures.create(name=name, body="{}", counted_at=NOW - timedelta(days=days))
    rfm_figures.refresh()
    assert {row.name for row in CachedFigures.select()} == {"rfm:2026-01-01:2026-03-01", "flows"}


@pytest.mark.parametrize(
    ("event", "stage"),
    [
        ({"on": "follow"}, Stage.ACQUIRED),
        ({"on": "order", "nth": 1}, Stage.FIRST),
        ({"on": "order", "nth": 3}, Stage.REPEAT),
        ({"on": "order"}, None),
        ({"on": "delivery", "nth": 1}, Stage.FIRST),
        ({"on": "recency", "days": 30}, Stage.REPEAT),
        ({"on": "score", "min_score": 9}, Stage.FAN),
        ({"on": "score", "max_score": 6}, None),
        ({"on": "rank", "rank": "premium"}, Stage.FAN),
        ({"on": "rank", "rank": "active"}, None),
        ({"on": "testimonial"}, Stage.WORD_OF_MOUTH),
        ({"on": "birthday"}, None),
    ],
)
def test_the_stage_a_flow_serves(event: dict[str, Any], stage: Stage | None) -> None:
    assert pushes.of_event(Event.model_validate(event)) is stage


@pytest.mark.parametrize(
    ("audience", "stage"),
    [
        ({"stages": ["fan"]}, Stage.FAN),
        ({"stages": ["fan", "repeat"]}, None),
        ({"segments": ["promoter"]}, Stage.FAN),
        ({"max_orders": 0}, Stage.ACQUIRED),
        ({"min_orders": 1, "max_orders": 1}, Stage.FIRST),
        ({"min_orders": 2}, Stage.REPEAT),
        ({"min_orders": 1}, None),
        ({}, None),
    ],
)
def test_the_stage_a_campaign_serves(audience: dict[str, Any], stage: Stage | None) -> None:
    assert pushes.of_audience(Audience.model_validate(audience)) is stage


def test_each_push_is_at_its_stage_with_what_it_earned(sign_in: SignIn) -> None:
    flow = test_effects.a_flow(trigger={"on": "order", "nth": 1})
    test_effects.people(flow, WAITING, 300, 120)
    test_effects.people(flow, HELD_OUT, 130, 20)
    page = get(sign_in("owner"), "/console/stages").text
    after_first = page.split("初回購入から先へ")[1].split("リピートから先へ")[0]
    assert "お買い物のあと" in after_first
    assert 'data-verdict="earns"' in after_first
    repeat = page.split("リピートから先へ")[1].split("単価アップから先へ")[0]
    assert "今日の連絡" in repeat
    assert "まだ、きっかけのあった方がいません。" in repeat


def test_staff_may_not_open_them(sign_in: SignIn) -> None:
    client = sign_in("staff")
    for path in (*EACH_PAGE, *LISTS):
        assert get(client, path).status_code == 403


def test_figures_count_as_their_pages(sign_in: SignIn) -> None:
    a_shop()
    on, before = date(2026, 11, 30), date(2026, 10, 10)
    counted = {name: figure.count(on) for name, figure in catalogue.FIGURES.items()}
    assert counted["stage-first"].value == 3
    assert catalogue.FIGURES["stage-first"].count(before).value == 3
    assert catalogue.FIGURES["stage-first"].count(date(2026, 9, 1)).value is None
    drop_off = counted["stage-drop-off-first"]
    assert (drop_off.part, drop_off.count, drop_off.is_too_few) == (3, 6, True)
    assert counted["stage-days-first"].count == 1
    assert counted["rfm-buyers"].value == 6
    assert (counted["rfm-new"].value, counted["rfm-lost"].value, counted["rfm-returned"].value) == (2, 1, 1)
    assert counted["recency-30-60"].value == 1
    assert counted["recency-passed-60-this-month"].value == 1
    assert counted["contact-effect"].value is None
    for name, figure in catalogue.FIGURES.items():
        if figure.people is not None and name.startswith(("stage-", "rfm-", "recency-")):
            people = list(figure.people(on).tuples())
            expected = counted[name].count if name.startswith("stage-days-") else counted[name].value
            part = counted[name].part
            assert len(people) == (part if part is not None else expected), name
