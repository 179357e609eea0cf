"""紹介: a customer refers a friend, the friend comes with the code and buys, both are rewarded."""

from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import zxingcpp
from PIL import Image

from rewards.referrals import referrals
from tests.conversations.scenario import Phone, Scenario, said

CHAT = "https://line.me/R/oaMessage/%40goentest/?"


def invitation_of(phone: Phone) -> str:
    """The customer's code, as their card shows it."""
    phone.says("紹介")
    return _code(phone)


def _code(phone: Phone) -> str:
    card = phone.handset.received()[-1]["altText"]
    return str(card.partition("：")[2].rstrip("）"))


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def prefilled_by(link: str) -> str:
    """The text that LINE puts into the shop's chat when that link is opened."""
    assert link.startswith(CHAT)
    return unquote(link.removeprefix(CHAT))


# The invitation


def test_an_invitation_shows_what_both_get_the_code_and_a_way_to_send_it(scenario: Scenario) -> None:
    misaki = scenario.customer()

    (card,) = misaki.says("紹介")

    assert "おふたりにポイントをお贈りします" in card
    assert "あなたに\n200pt\nお友達に\n200pt" in card
    assert f"あなたの紹介コード\n{_code(misaki)}" in card
    link = misaki.opens("LINEで友だちに送る")
    assert link.startswith("https://line.me/R/share?text=")
    shared = parse_qs(urlsplit(link).query)["text"][0]
    assert "ひだまり堂" in shared
    assert f"https://goen.example/r/{_code(misaki)}" in shared


@pytest.mark.parametrize("words", ["紹介", "紹介コード", "お友達を紹介", "ＱＲコード"])
def test_an_invitation_comes_by_any_of_these_words(scenario: Scenario, words: str) -> None:
    assert "お友達をご紹介ください" in said(scenario.customer().says(words))


def test_the_code_stays_the_same(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert invitation_of(misaki) == invitation_of(misaki)


def test_the_qr_opens_the_shops_chat_with_the_code_typed_in(scenario: Scenario) -> None:
    code = invitation_of(scenario.customer())

    answer = scenario.web.get(f"/q/{code}.png")

    assert answer.status_code == 200
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(answer.data)))
    assert prefilled_by(found.text) == f"紹介コード {code} で来ました！"


def test_the_shared_page_leads_to_the_same_chat(scenario: Scenario) -> None:
    code = invitation_of(scenario.customer())

    page = scenario.web.get(f"/r/{code}").get_data(as_text=True)

    assert CHAT in page
    assert code in page


def test_a_qr_of_nobodys_code_is_not_drawn(scenario: Scenario) -> None:
    for name in ("C2D3-F4G5", "x", "%00", "あ"):
        assert scenario.web.get(f"/q/{name}.png").status_code == 404


# The friend


@pytest.mark.parametrize(
    "edited",
    [
        "紹介コード {code} で来ました！",
        "{code}",
        "こんにちは、みさきの友達です。{code}と聞きました",
        "紹介コード {wide} で来ました！",
        "{lower}",
        "{bare}",
    ],
)
def test_a_friend_who_sends_the_code_is_attributed_however_they_wrote_it(
    scenario: Scenario, edited: str
) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    code = invitation_of(misaki)
    words = edited.format(
        code=code, wide=full_width(code), lower=code.lower(), bare=code.replace("-", "").lower()
    )

    heard = said(sakura.says(words))

    assert "ご紹介で来てくださったんですね" in heard
    assert "200ポイント" in heard
    found = referrals.of_referee(sakura.customer.id)
    assert found is not None
    assert found.referrer_id == misaki.customer.id


def test_both_earn_when_the_friend_first_buys_and_the_referrer_hears_of_it(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    sakura.says(prefilled_by(f"{CHAT}{'紹介コード%20'}{invitation_of(misaki)}"))
    misaki.hears()
    before = misaki.points, sakura.points

    friend_hears = said(sakura.buys(3_000, "2001"))
    misaki_hears = said(misaki.hears())

    assert "お買い上げありがとうございます" in friend_hears
    assert "ご紹介でのはじめてのお買い物のお礼に、200ポイント" in friend_hears
    assert "ご紹介のお友達が、はじめてのお買い物をしてくださいました" in misaki_hears
    assert "さくら" not in misaki_hears, "who bought what is the friend's affair"
    assert (misaki.points, sakura.points) == (before[0] + 200, before[1] + 200 + 30)

    sakura.buys(3_000, "2002")
    assert misaki.hears() == [], "once"
    assert misaki.points == before[0] + 200


def test_ones_own_code(scenario: Scenario) -> None:
    misaki = scenario.customer()

    assert "ご自身の紹介コードです" in said(misaki.says(invitation_of(misaki)))
    misaki.buys(3_000, "1001")
    assert misaki.points == 60, "30 for adding the shop, 30 for the order"


@pytest.mark.parametrize(
    "words", ["C2D3-F4G5", "紹介コード C2D3-F4G5 で来ました！", "紹介コード K7MPで来ました"]
)
def test_a_code_that_is_nobodys_or_damaged(scenario: Scenario, words: str) -> None:
    sakura = scenario.customer("鈴木 さくら")

    assert "その紹介コードは見つかりませんでした" in said(sakura.says(words))
    assert sakura.chips
    assert referrals.of_referee(sakura.customer.id) is None


def test_a_question_about_codes_is_a_question(scenario: Scenario) -> None:
    heard = said(scenario.customer().says("紹介コードはどこで見られますか？"))

    assert "見つかりませんでした" not in heard


def test_codes_are_for_new_people(scenario: Scenario) -> None:
    misaki, kenta, yui = (
        scenario.customer("佐藤 美咲"),
        scenario.customer("山本 健太"),
        scenario.customer("伊藤 結衣"),
    )
    code = invitation_of(misaki)
    kenta.buys(3_000, "3001")
    assert "はじめての方だけ" in said(kenta.says(code)), "has bought before"

    scenario.sleep(days=8)
    assert "はじめての方だけ" in said(yui.says(code)), "has known the shop for more than a week"
    assert referrals.totals().joined_count == 0


def test_a_second_code_counts_for_nothing(scenario: Scenario) -> None:
    misaki, kenta, sakura = (scenario.customer(name) for name in ("佐藤 美咲", "山本 健太", "鈴木 さくら"))
    sakura.says(invitation_of(misaki))

    assert "すでに受け取っています" in said(sakura.says(invitation_of(kenta)))
    sakura.buys(3_000, "2001")

    assert (misaki.points, kenta.points) == (230, 30)


def test_a_circle_is_held_for_a_person_to_judge(scenario: Scenario) -> None:
    misaki, sakura = scenario.customer("佐藤 美咲"), scenario.customer("鈴木 さくら")
    sakura.says(invitation_of(misaki))

    assert "スタッフが確認して" in said(misaki.says(invitation_of(sakura)))
    misaki.buys(3_000, "1001")

    assert sakura.points == 30, "never paid by default"
    assert referrals.totals().held_count == 1
