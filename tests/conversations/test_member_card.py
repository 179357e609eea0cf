"""会員証: a card with name, rank and points, its picture, and staff who scan it and give a thank-you coupon."""

import io

import zxingcpp
from PIL import Image

from bot.conversations import Conversation
from bot.db.database import write_transaction
from bot.queue import inbox
from rewards.cards import members
from rewards.coupons.rules import RewardKind
from tests.conversations.scenario import Scenario, said
from tests.conversations.test_coupons import a_reward


def test_the_card_says_who_one_is_and_its_picture_is_there(scenario: Scenario) -> None:
    hanako = scenario.customer("佐藤 美咲")
    heard = said(hanako.says("会員証"))
    assert "佐藤 美咲さんの会員証" in str(hanako.handset.received()[-1]["altText"])
    assert "ベーシック・30ポイント" in heard
    address = hanako.handset.received()[-1]["contents"]["hero"]["url"]
    picture = scenario.web.get(address.removeprefix("https://goen.example"))
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.data)).convert("L"))
    assert read.text in heard
    assert members.owner_of(read.text) == hanako.customer


def test_a_thank_you_of_staff_arrives_once(scenario: Scenario) -> None:
    gift = a_reward("お礼の石けん", kind=RewardKind.THANK_YOU)
    hanako = scenario.customer()
    chat = Conversation.get_by_id(hanako.customer.conversation_id)
    data = {"customer_id": hanako.customer.id, "reward_id": gift, "staff_id": 7}
    for _ in range(2):
        with write_transaction():
            inbox.put(
                "coupon.grant_requested", "coupon-given:1", chat.key, data, line_user_id=chat.line_user_id
            )
    assert said(hanako.hears()).count("お店からのお礼に") == 1
    assert "お礼の石けん" in said(hanako.says("クーポン"))
