"""紹介 by LINE Login: a friend opens the invitation's page, agrees on LINE's, and is attributed without sending a
code."""

from contextlib import ExitStack
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.test import TestResponse

from bot import log
from bot.config import settings
from bot.line import login as line_login
from demo.phone.login_pages import decided
from rewards.pages import login as login_pages
from rewards.referrals import referrals
from rewards.referrals.tables import ReferralState
from tests.conversations.scenario import Phone, Scenario, said

WELCOME = "ご紹介で来てくださったんですね"
LOST, FAILED = "別の画面に戻ってきた", "LINEとうまくつながりませんでした"


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    """The shop has a LINE Login channel."""
    config = settings.current().model_copy(
        update={
            "line_login_channel_id": "2000000001",
            "line_login_channel_secret": "secret-of-the-login-channel",
            "line_login_url": settings.current().line_api_url,
        }
    )
    settings.use(config)
    scenario.platform.channel.login.open(
        "2000000001", "secret-of-the-login-channel", "https://goen.example/line-login"
    )
    return scenario


def code_of(phone: Phone) -> str:
    phone.says("紹介")
    card = phone.handset.received()[-1]["altText"]
    return str(card.partition("：")[2].rstrip("）"))


def goes_to_line(scenario: Scenario, code: str) -> dict[str, str]:
    """The button on the invitation's page; the parameters LINE's page is opened with."""
    page = scenario.web.get(f"/r/{code}").get_data(as_text=True)
    assert f'href="/r/{code}/login"' in page
    left = scenario.web.get(f"/r/{code}/login", base_url="https://goen.example")
    assert left.status_code == 303
    assert left.location.startswith(f"{settings.current().line_login_url}/oauth2/v2.1/authorize?")
    return dict(parse_qsl(urlsplit(left.location).query))


def comes_back(
    scenario: Scenario, phone: Phone, asked: dict[str, str], *, allow: bool = True, friend: bool = True
) -> TestResponse:
    channel = scenario.platform.channel
    there = decided(channel, channel.login.read(asked), phone.handset.person, allow=allow, friend=friend)
    return opens(scenario, there)


def opens(scenario: Scenario, url: str) -> TestResponse:
    parts = urlsplit(url)
    return scenario.web.get(f"{parts.path}?{parts.query}", base_url="https://goen.example")


def joins(scenario: Scenario, phone: Phone, code: str, *, friend: bool = True) -> TestResponse:
    back = comes_back(scenario, phone, goes_to_line(scenario, code), friend=friend)
    assert back.status_code == 303
    return scenario.web.get(back.location)


def test_a_friend_joins_without_sending_anything_and_both_are_thanked_when_they_buy(
    scenario: Scenario,
) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)

    landed = joins(scenario, sakura, code_of(misaki)).get_data(as_text=True)

    assert "トークをひらいて" in landed
    assert 'href="https://line.me/R/ti/p/%40goentest"' in landed
    heard = sakura.hears()
    assert "鈴木 さくらさん、はじめまして" in heard[0]
    assert WELCOME in heard[1], "the greeting first, whichever of follow and sign-in comes first"
    assert "［ご注文の状況］" in heard[-1], "the choices are the last"
    assert not sakura.chips, "one set of choices"
    assert sakura.came_by() == ["reply"] * 3, "all of it free"
    sakura.buys(3_000, "2001")
    assert (misaki.points, sakura.points) == (30 + 200, 30 + 200 + 30)


def test_who_joins_before_adding_the_shop_is_known_when_they_do(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    joins(scenario, sakura, code_of(misaki), friend=False)
    scenario.settle()
    scenario.sleep(days=5)

    assert WELCOME in said(sakura.follows())
    assert referrals.totals().joined_count == 1


def test_who_waits_longer_than_a_newcomer_may_is_greeted_and_nothing_else(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    joins(scenario, sakura, code_of(misaki), friend=False)
    scenario.settle()
    scenario.sleep(days=8)

    heard = said(sakura.follows())

    assert "はじめまして" in heard
    assert WELCOME not in heard


def test_who_added_the_shop_just_before_is_notified_at_once(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")

    joins(scenario, sakura, code_of(misaki))

    assert WELCOME in said(sakura.hears())


# The same rules as for a code that is typed


def test_ones_own_invitation(scenario: Scenario) -> None:
    misaki = scenario.customer()

    joins(scenario, misaki, code_of(misaki))

    assert "ご自身の紹介コードです" in said(misaki.hears())
    assert referrals.totals().joined_count == 0


def test_a_customer_is_no_newcomer(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    kenta.buys(3_000, "3001")

    joins(scenario, kenta, code_of(misaki))

    assert "はじめての方だけ" in said(kenta.hears())
    assert referrals.of_referee(kenta.customer.id) is None


def test_who_blocked_the_shop_and_comes_back_is_no_newcomer(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    scenario.sleep(days=30)
    kenta.blocks()

    joins(scenario, kenta, code_of(misaki))

    heard = said(kenta.hears())
    assert "おかえりなさい" in heard
    assert "はじめての方だけ" in heard


def test_a_circle_is_held_for_a_person(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    joins(scenario, sakura, code_of(misaki))
    sakura.hears()

    joins(scenario, misaki, code_of(sakura))

    assert "スタッフが確認して" in said(misaki.hears())
    held = referrals.of_referee(misaki.customer.id)
    assert held is not None
    assert held.state == ReferralState.HELD


def test_a_second_invitation_counts_for_nothing(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    sakura = scenario.customer("鈴木 さくら", follows=False)
    joins(scenario, sakura, code_of(misaki), friend=False)
    joins(scenario, sakura, code_of(kenta), friend=False)
    sakura.follows()

    joins(scenario, sakura, code_of(kenta))

    found = referrals.of_referee(sakura.customer.id)
    assert found is not None
    assert found.referrer_id == misaki.customer.id
    assert sakura.hears() == [], "once for each invitation"


def test_who_sends_the_code_as_well_is_welcomed_once(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    code = code_of(misaki)
    assert WELCOME in said(sakura.says(code))

    joins(scenario, sakura, code)

    assert sakura.hears() == []


# What does not count


def test_a_cancelled_sign_in_ends_kindly_with_both_ways_to_try_again(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    code = code_of(misaki)

    back = comes_back(scenario, sakura, goes_to_line(scenario, code), allow=False)

    page = back.get_data(as_text=True)
    assert back.status_code == 200
    assert "ここまでにしました" in page
    assert f'href="/r/{code}/login"' in page
    assert "https://line.me/R/oaMessage/%40goentest/?" in page
    assert sakura.handset.person.friendship == "stranger"


def test_a_sign_in_counts_only_in_the_browser_that_began_it(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    asked = goes_to_line(scenario, code_of(misaki))
    scenario.web.delete_cookie("__Host-goen_join", domain="goen.example", path="/")

    back = comes_back(scenario, sakura, asked)

    assert back.status_code == 400
    assert LOST in back.get_data(as_text=True)
    assert WELCOME not in said(sakura.follows() + sakura.hears())


def test_a_state_of_ones_own_making_is_refused(scenario: Scenario) -> None:
    misaki, kenta = scenario.customer("佐藤 美咲"), scenario.customer("山本 健太")
    asked = goes_to_line(scenario, code_of(misaki))
    asked["state"] = asked["state"][:-8] + code_of(kenta).replace("-", "")

    assert comes_back(scenario, scenario.customer("鈴木 さくら"), asked).status_code == 400
    for strange in ("", "😀", "x" * 5000, asked["state"][:-1]):
        answer = scenario.web.get("/line-login", query_string={"state": strange, "code": "x"})
        assert answer.status_code == 400
        assert LOST in answer.get_data(as_text=True)


def test_a_sign_in_left_lying_for_too_long_is_begun_anew(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    asked = goes_to_line(scenario, code_of(misaki))
    monkeypatch.setattr(login_pages, "COOKIE_SECONDS", -1)

    assert LOST in comes_back(scenario, sakura, asked).get_data(as_text=True)


def test_a_code_of_lines_counts_once(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    asked, channel = goes_to_line(scenario, code_of(misaki)), scenario.platform.channel
    there = channel.login.agreed(channel.login.read(asked), sakura.handset.person, became_friend=False)
    cookie = scenario.web.get_cookie("__Host-goen_join", domain="goen.example", path="/")
    assert cookie is not None
    assert opens(scenario, there).status_code == 303
    scenario.web.set_cookie("__Host-goen_join", cookie.value, domain="goen.example", path="/", secure=True)

    again = opens(scenario, there)

    assert again.status_code == 502
    assert FAILED in again.get_data(as_text=True)
    scenario.settle()


def test_a_code_that_another_session_was_given_is_refused(scenario: Scenario) -> None:
    """Somebody puts a code of their own sign-in into another's session: PKCE and the nonce bind it to where it
    was requested."""
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    code, channel = code_of(misaki), scenario.platform.channel
    others = channel.login.read(goes_to_line(scenario, code))
    stolen = dict(
        parse_qsl(urlsplit(channel.login.agreed(others, sakura.handset.person, became_friend=False)).query)
    )
    mine = goes_to_line(scenario, code)

    back = scenario.web.get(
        "/line-login",
        base_url="https://goen.example",
        query_string={"code": stolen["code"], "state": mine["state"]},
    )

    assert back.status_code == 502


def test_line_out_of_reach_is_a_kind_page(scenario: Scenario) -> None:
    misaki = scenario.customer()
    asked = goes_to_line(scenario, code_of(misaki))
    settings.use(settings.current().model_copy(update={"line_api_url": "http://127.0.0.1:9"}))

    answer = scenario.web.get(
        "/line-login", base_url="https://goen.example", query_string={"state": asked["state"], "code": "x"}
    )

    assert answer.status_code == 502
    assert FAILED in answer.get_data(as_text=True)


def test_no_token_is_stored_and_the_pages_are_not_cached(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら", follows=False)
    code = code_of(misaki)
    left = scenario.web.get(f"/r/{code}/login", base_url="https://goen.example")

    cookie = left.headers["Set-Cookie"]
    assert all(
        part in cookie for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/;", "__Host-goen_join=")
    )
    landed = joins(scenario, sakura, code)
    scenario.settle()
    for answer in (left, landed):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_without_a_login_channel_the_page_leads_to_the_code(scenario: Scenario) -> None:
    code = code_of(scenario.customer())
    settings.use(settings.current().model_copy(update={"line_login_channel_id": None}))

    assert "/login" not in scenario.web.get(f"/r/{code}").get_data(as_text=True)
    assert scenario.web.get(f"/r/{code}/login").location == f"/r/{code}"
    assert scenario.web.get(line_login.CALLBACK).status_code == 404


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "2000000002"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"sub": "somebody"},
        {"sub": None},
    ],
)
def test_an_id_token_that_is_not_ours_counts_for_nobody(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch, claims: dict[str, str | None]
) -> None:
    """Even if LINE's token response included it."""
    sakura = scenario.customer("鈴木 さくら", follows=False)
    asked = goes_to_line(scenario, code_of(scenario.customer()))
    fields = {
        "iss": "https://access.line.me",
        "aud": "2000000001",
        "nonce": asked["nonce"],
        "sub": sakura.user_id,
    }
    answers = {"token": {"id_token": "x"}, "verify": fields | claims}
    monkeypatch.setattr(line_login, "_ask", lambda step, _fields: answers[step])

    back = scenario.web.get(
        "/line-login", base_url="https://goen.example", query_string={"state": asked["state"], "code": "x"}
    )

    assert back.status_code == 502
    assert referrals.of_referee(1) is None


def test_while_line_is_slow_the_next_people_are_asked_to_try_again(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_pages, "SLOT_WAIT_SECONDS", 0)
    asked = goes_to_line(scenario, code_of(scenario.customer()))
    with ExitStack() as busy:
        for _ in range(4):
            busy.enter_context(login_pages.LOGIN_SLOTS)
        answer = comes_back(scenario, scenario.customer("鈴木 さくら"), asked)

    assert answer.status_code == 503
    assert FAILED in answer.get_data(as_text=True)


def test_the_log_says_which_step_refused_and_not_who_it_was(
    scenario: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure("DEBUG")
    sakura = scenario.customer("鈴木 さくら", follows=False)
    asked = goes_to_line(scenario, code_of(scenario.customer()))
    scenario.platform.channel.login.secret = "changed-in-the-console"

    comes_back(scenario, sakura, asked)

    said = capsys.readouterr().out
    assert "token: 400 invalid_client" in said
    for secret in (sakura.user_id, asked["state"], asked["nonce"], "さくら"):
        assert secret not in said
