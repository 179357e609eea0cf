"""クーポン: the list with what is missing, an exchange that spends points once, a QR code for staff; gifts."""

import io

import zxingcpp
from PIL import Image

from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from customers.orders.reversal_intake import take
from customers.orders.reversals import Reversal
from customers.people.customer import Customer
from rewards.coupons import coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, CouponState, Reward
from rewards.ledger import ledger
from rewards.ranks.rules import Rank
from tests.conversations.scenario import Phone, Scenario, said


def a_reward(name: str = "ハンドクリーム", **more: object) -> int:
    draft = {
        "name": name,
        "kind": RewardKind.EXCHANGE,
        "value_text": "小さなハンドクリームを1本",
        "value_yen": 200,
        "points_price": 300,
    } | more
    if draft["kind"] is not RewardKind.EXCHANGE:
        draft["points_price"] = 0
    with write_transaction():
        return reward_list.make(RewardDraft(**draft))  # type: ignore[arg-type]


def give_points(phone: Phone, points: int) -> None:
    with write_transaction():
        ledger.adjust(phone.customer.id, points, 7, "テスト", f"test:{phone.user_id}")


def test_without_rewards_there_is_a_kind_word(scenario: Scenario) -> None:
    assert "クーポンはありません" in said(scenario.customer().says("クーポン"))


def test_what_is_missing_is_said(scenario: Scenario) -> None:
    a_reward()
    a_reward("試作品", minimum_rank=Rank.ACTIVE)
    hanako = scenario.customer()
    heard = said(hanako.says("特典交換"))
    assert "300ポイント" in heard
    assert "あと270ポイントで交換できます" in heard
    assert "「アクティブ」になると交換できます" in heard
    assert "ポイントのため方" in hanako.buttons


def test_points_are_exchanged_once_after_a_question(scenario: Scenario) -> None:
    a_reward()
    hanako = scenario.customer()
    give_points(hanako, 400)
    hanako.says("クーポン")
    assert "130ポイントになります" in said(hanako.taps("ポイントと交換する"))
    assert hanako.points == 430
    heard = said(hanako.taps("交換する"))
    assert "交換しました" in heard
    code = Coupon.get().code
    assert code in heard
    assert hanako.points == 130
    again = said(hanako.taps("交換する"))
    assert code in again
    assert "交換しました" not in again
    assert hanako.points == 130
    assert Coupon.select().count() == 1


def test_the_coupons_qr_leads_staff_to_it(scenario: Scenario) -> None:
    a_reward()
    hanako = scenario.customer()
    give_points(hanako, 400)
    hanako.says("クーポン")
    hanako.taps("ポイントと交換する")
    hanako.taps("交換する")
    code = Coupon.get().code
    picture = scenario.web.get(f"/c/{code}.png")
    assert picture.mimetype == "image/png"
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)))
    assert read.text == f"https://goen.example/console/redeem?code={code}"
    assert scenario.web.get("/c/K7MP-4XWD-RT35.png").status_code == 404
    hanako.says("クーポン")
    assert code in said(hanako.taps("クーポンを見る"))
    with write_transaction():
        coupons.redeem(code, "staff:7")
    assert "すでにお使いいただいています" in said(hanako.taps("クーポンを見る"))
    assert scenario.web.get(f"/c/{code}.png").status_code == 404


def test_the_last_piece_may_be_gone_when_one_taps(scenario: Scenario) -> None:
    cream = a_reward(stock=1)
    hanako, taro = scenario.customer(), scenario.customer("鈴木 太郎")
    give_points(hanako, 400)
    give_points(taro, 400)
    hanako.says("クーポン")
    hanako.taps("ポイントと交換する")
    with write_transaction():
        coupons.issue(taro.customer.id, cream, 1, "exchange:taro")
    assert "ちょうどなくなってしまいました" in said(hanako.taps("交換する"))
    assert hanako.points == 430


def test_buttons_nobody_made_are_answered_kindly(scenario: Scenario) -> None:
    gift = a_reward(kind=RewardKind.THANK_YOU)
    hanako = scenario.customer()
    for data in (
        "coupon.ask?reward=99",
        f"coupon.exchange?reward={gift}&ask=1",
        f"coupon.ask?reward={gift}",
        "coupon.exchange?reward=x",
    ):
        assert "交換できません" in said(hanako.sends_back(data)), data
    assert "見つかりません" in said(hanako.sends_back("coupon.show?coupon=1"))
    assert Coupon.select().count() == 0


def test_another_customers_coupon_is_not_shown(scenario: Scenario) -> None:
    cream = a_reward()
    hanako, taro = scenario.customer(), scenario.customer("鈴木 太郎")
    give_points(taro, 400)
    with write_transaction():
        his = coupons.issue(taro.customer.id, cream, 1, "exchange:taro").coupon
    assert his is not None
    assert "見つかりません" in said(hanako.sends_back(f"coupon.show?coupon={his.id}"))


def test_the_first_purchase_brings_its_coupon_once(scenario: Scenario) -> None:
    a_reward("送料無料", kind=RewardKind.FIRST_PURCHASE, is_discount=True, value_yen=500)
    hanako = scenario.customer()
    assert "はじめてのお買い物のお礼に、クーポンをお贈りします" in said(hanako.buys(3_980, "A-1"))
    assert "クーポン" not in said(hanako.buys(3_980, "A-2"))
    assert Coupon.select().count() == 1


def test_a_free_sample_is_no_first_purchase(scenario: Scenario) -> None:
    a_reward("送料無料", kind=RewardKind.FIRST_PURCHASE, is_discount=True, value_yen=500)
    hanako = scenario.customer()
    assert "クーポン" not in said(hanako.buys(0, "S-1"))
    assert hanako.customer.purchase_count == 0
    assert "はじめてのお買い物のお礼に" in said(hanako.buys(3_980, "A-1"))


def test_a_higher_rank_brings_its_coupon(scenario: Scenario) -> None:
    a_reward("アクティブのお祝い", kind=RewardKind.RANK, minimum_rank=Rank.ACTIVE)
    a_reward("プレミアムのお祝い", kind=RewardKind.RANK, minimum_rank=Rank.PREMIUM)
    hanako = scenario.customer()
    hanako.buys(3_980, "A-1")
    hanako.says("アンケート")
    heard = said(hanako.taps("8"))
    assert "「アクティブ」になったお祝いに" in heard
    assert "アクティブのお祝い" in heard
    assert "プレミアムのお祝い" not in heard


def test_a_birthday_is_entered_once_and_congratulated_once_a_year(scenario: Scenario) -> None:
    a_reward("誕生日の石けん", kind=RewardKind.BIRTHDAY)
    hanako = scenario.customer()
    assert "教えてください" in said(hanako.says("誕生日"))
    assert "わかりませんでした" in said(hanako.says("ないしょ"))
    assert "4月3日ですね" in said(hanako.says("４／３"))
    assert "うかがっています" in said(hanako.says("誕生日"))
    scenario.pass_time(days=1)
    assert hanako.hears() == []
    scenario.pass_time(days=1)
    assert "お誕生日おめでとうございます" in said(hanako.hears())
    scenario.pass_time(hours=2)
    assert hanako.hears() == []
    scenario.pass_time(days=365)
    assert "お誕生日おめでとうございます" in said(hanako.hears())
    assert Coupon.select().count() == 2


def test_nobody_is_congratulated_in_the_middle_of_a_conversation_with_staff(scenario: Scenario) -> None:
    hanako = scenario.customer()
    hanako.says("誕生日")
    hanako.says("４／３")
    hanako.says("スタッフ")
    scenario.pass_time(days=2)
    assert "お誕生日おめでとうございます" not in said(hanako.hears())
    assert hanako.points == 130, "the points are there all the same"


# Staff cancel a coupon


def test_a_gift_for_the_first_purchase_goes_with_it_unless_it_was_used(scenario: Scenario) -> None:
    gift = a_reward("送料無料", kind=RewardKind.FIRST_PURCHASE, is_discount=True, value_yen=500, stock=1)
    hanako = scenario.customer()
    hanako.buys(3_980, "A-1")
    take_back(scenario, "A-1")
    heard = said(hanako.hears())
    assert "39ポイント" in heard and "「送料無料」のクーポンは、ご注文の取り消しといっしょに" in heard
    assert "取り消されています" in said(hanako.sends_back(f"coupon.show?coupon={Coupon.get().id}"))

    assert "クーポンをお贈りします" in said(hanako.buys(3_980, "A-2")), "the one in stock is there again"
    with write_transaction():
        assert coupons.redeem(Coupon.get(Coupon.state == CouponState.ISSUED).code, "staff:1").done
    take_back(scenario, "A-2")
    assert "送料無料" not in said(hanako.hears())
    assert "クーポンをお贈りします" not in said(hanako.buys(3_980, "A-3"))
    assert Reward.get_by_id(gift).issued_count == 1


def test_a_gift_for_a_rank_goes_with_the_order_that_alone_had_brought_it(scenario: Scenario) -> None:
    a_reward("アクティブのお祝い", kind=RewardKind.RANK, minimum_rank=Rank.ACTIVE)
    hanako = scenario.customer()
    hanako.says("アンケート")
    hanako.taps("8")
    hanako.buys(3_980, "A-1")
    assert (hanako.rank, Coupon.get().state) == ("アクティブ", CouponState.ISSUED)
    take_back(scenario, "A-1")
    assert "「アクティブのお祝い」のクーポンは" in said(hanako.hears())
    assert (hanako.rank, Coupon.get().state) == ("ベーシック", CouponState.CANCELLED)


def take_back(scenario: Scenario, order_number: str) -> None:
    with write_transaction():
        take(Reversal(order_number=order_number, kind="cancel"))
    scenario.settle()


def staff_cancel(scenario: Scenario, coupon: Coupon) -> None:
    """As the console stores it."""
    chat = Conversation.get_by_id(Customer.get_by_id(coupon.customer_id).conversation_id)
    data = {"coupon_id": coupon.id, "staff_id": 7, "reason": "商品が用意できないため"}
    with write_transaction():
        inbox.put("coupon.cancellation_requested", f"coupon-cancelled:{coupon.id}", chat.key, data)
    scenario.settle()


def test_a_cancelled_coupon_brings_its_points_back_and_the_customer_hears_of_it(scenario: Scenario) -> None:
    a_reward()
    hanako = scenario.customer()
    give_points(hanako, 400)
    hanako.says("クーポン")
    hanako.taps("ポイントと交換する")
    hanako.taps("交換する")
    assert hanako.points == 130

    staff_cancel(scenario, Coupon.get())

    heard = said(hanako.hears())
    assert "取り消して、交換の300ポイントをお戻ししました（いま430ポイント）" in heard
    assert "商品が用意できない" not in heard, "the reason is the shop's"
    assert hanako.points == 430
    stored = Coupon.get()
    assert (stored.state, stored.cancelled_by, stored.cancel_reason) == (
        "cancelled",
        7,
        "商品が用意できないため",
    )
    assert "交換する" in said(hanako.says("クーポン"))


def test_a_gift_that_is_cancelled_is_said_sorry_for(scenario: Scenario) -> None:
    gift = a_reward("お礼の石けん", kind=RewardKind.THANK_YOU)
    hanako = scenario.customer()
    with write_transaction():
        mine = coupons.issue(hanako.customer.id, gift, 1, "thanks:1").coupon
    assert mine is not None

    staff_cancel(scenario, mine)

    heard = said(hanako.hears())
    assert "「お礼の石けん」のクーポンを、お店の都合で取り消させていただきました" in heard
    assert "ポイント" not in heard
    assert "取り消されています" in said(hanako.sends_back(f"coupon.show?coupon={mine.id}"))


def test_a_coupon_used_meanwhile_stays_used_and_nothing_is_said(scenario: Scenario) -> None:
    gift = a_reward("お礼の石けん", kind=RewardKind.THANK_YOU)
    hanako = scenario.customer()
    with write_transaction():
        mine = coupons.issue(hanako.customer.id, gift, 1, "thanks:1").coupon
        assert mine is not None
        assert coupons.redeem(mine.code, "staff:8").done

    staff_cancel(scenario, mine)

    assert hanako.hears() == []
    assert Coupon.get().state == "redeemed"
