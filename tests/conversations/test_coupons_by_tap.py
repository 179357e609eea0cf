"""A coupon is used by a tap: copied, opened in the shop, found by its name, redeemed by the order with its code."""

from typing import Any

from bot.config import shop
from bot.db.database import write_transaction
from rewards.coupons import coupons, messages, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Coupon, CouponState
from tests.conversations.scenario import Phone, Scenario, said


def gives(misaki: Phone, name: str = "石けん") -> Coupon:
    draft = RewardDraft(name=name, kind=RewardKind.THANK_YOU, value_text=f"{name}1個", value_yen=200)
    with write_transaction():
        made = coupons.issue(misaki.customer.id, reward_list.make(draft), 1, f"thanks:{name}").coupon
    assert made is not None
    return made


def buttons(coupon: Coupon) -> list[dict[str, Any]]:
    shown: Any = messages.coupon(coupon)
    return [each["action"] for each in shown["contents"]["footer"]["contents"]]


def test_the_card_copies_the_code_and_opens_the_shop_where_one_is_set(scenario: Scenario) -> None:
    coupon = gives(scenario.customer())
    assert buttons(coupon) == [{"type": "clipboard", "label": "コードをコピー", "clipboardText": coupon.code}]
    shop.use({"coupons": {"shop_url": "https://www.your-shop.jp/discount/{code}"}})
    opens, copies = buttons(coupon)
    assert opens["uri"] == f"https://www.your-shop.jp/discount/{coupon.code}"
    assert copies["type"] == "clipboard"
    assert "クーポンが入った状態で" in str(messages.coupon(coupon))


def test_who_names_a_coupon_gets_its_card(scenario: Scenario) -> None:
    misaki, other = scenario.customer(), scenario.customer("鈴木 さくら")
    soap, cup = gives(misaki), gives(misaki, "湯のみ")
    assert soap.code in said(misaki.says("石けんのクーポンを使いたいです"))
    assert cup.code in said(misaki.says("湯のみクーポン"))
    assert soap.code in said(misaki.says(soap.code))
    assert soap.code not in said(other.says(soap.code)), "somebody else's"
    both = said(misaki.says("クーポン"))
    assert "石けん" in both and "湯のみ" in both and soap.code not in both


def test_who_complains_of_a_coupon_is_heard(scenario: Scenario) -> None:
    misaki = scenario.customer()
    soap = gives(misaki)
    assert soap.code not in said(misaki.says("石けんのクーポンが使えません"))


def test_an_order_with_the_code_redeems_the_coupon_once(scenario: Scenario) -> None:
    misaki = scenario.customer()
    soap = gives(misaki)
    scenario.order("1001", 3_000, line_user_id=misaki.user_id, coupon_code=soap.code.lower())
    scenario.settle()
    used = Coupon.get_by_id(soap.id)
    assert (used.state, used.redeemed_request) == (CouponState.REDEEMED, "order:1001")
    scenario.order("1002", 3_000, line_user_id=misaki.user_id, coupon_code=soap.code)
    scenario.settle()
    assert Coupon.get_by_id(soap.id).redeemed_request == "order:1001"
    assert scenario.parked() == []


def test_a_code_of_the_shop_itself_changes_nothing(scenario: Scenario) -> None:
    misaki = scenario.customer()
    soap = gives(misaki)
    scenario.order("1001", 3_000, line_user_id=misaki.user_id, coupon_code="AKI2026")
    scenario.settle()
    assert Coupon.get_by_id(soap.id).state == CouponState.ISSUED
    assert misaki.customer.purchase_count == 1
