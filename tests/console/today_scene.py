"""Each thing an owner may have to do, made with real rows: one function for one to-do of the page 「きょう」."""

from collections.abc import Callable
from datetime import timedelta

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from bot.line.month import Month
from bot.queue import month_quota
from bot.queue.inbox import InboxEvent
from customers.orders import parked
from customers.orders.order import Order
from customers.orders.parked import Question, Reason
from customers.orders.tables import Product, PurchaseItem
from customers.people.customer import Customer
from journeys.campaigns.tables import LATE, WAITING, CampaignRecipient
from journeys.enrolments.tables import HELD_OUT
from journeys.enrolments.tables import WAITING as ENROLLED
from rewards.coupons.tables import Coupon, Reward
from rewards.ledger.entries import PointsAccount
from support.tickets import tickets
from support.tickets.tickets import Ticket
from tests.console import chats, contact_scene, test_effects
from tests.console import test_campaigns as campaign_scene
from tests.console.test_referral_review import a_held_one
from tests.console.test_testimonials import wrote
from tests.orders import ordered

YEN = 10_000
"""What each customer of these scenes bought in the last year."""


def buyer(name: str, days_ago: int = 100, yen: int = YEN, sku: str = "") -> Customer:
    """A customer with one order."""
    who = chats.customer(name)
    with write_transaction():
        ordered(who, localtime.now() - timedelta(days=days_ago), yen, sku)
    return who


def promised(name: str, hours: float, cause: str = tickets.ASKED) -> Ticket:
    """A customer who waits and was promised an answer in so many hours; with a negative number, before."""
    made = chats.ticket(buyer(name), cause, minutes_ago=60)
    due_at = localtime.now() + timedelta(hours=hours)
    Ticket.update(answer_due_at=due_at).where(Ticket.id == made.id).execute()
    return made


def danger() -> None:
    chats.ticket(buyer("大場 みどり"), tickets.DANGER)


def late_promises() -> None:
    promised("遅井 まつ", -2)
    promised("批判 じろう", -1, tickets.DETRACTOR)


def promises_today() -> None:
    promised("今日 まで", 1, tickets.DETRACTOR)
    promised("明日 かな", 40)


def contact() -> None:
    contact_scene.lapsed("渡辺 久美子", 60, 35, yen=YEN // 2)
    contact_scene.find()


def testimonials() -> None:
    wrote(buyer("声野 かけ子"), points=0)


def referrals() -> None:
    held = a_held_one()
    with write_transaction():
        ordered(Customer.get_by_id(held.referrer_id), localtime.now() - timedelta(days=100), YEN)


def second_purchase() -> None:
    """Thirty who bought again after 40 days, and two who bought for the first time 38 days ago."""
    for number in range(30):
        who = buyer(f"二回 {number}子", 90, 3_000)
        with write_transaction():
            ordered(who, localtime.now() - timedelta(days=50), 3_000)
    for number in range(2):
        buyer(f"初回 {number}子", 38, 3_000)


def expiring() -> None:
    today = localtime.today()
    points, coupon = buyer("点野 ふえ"), buyer("券野 まい")
    PointsAccount.create(customer=points.id, last_active_on=today, expires_on=today + timedelta(days=3))
    reward = Reward.create(name="お礼", kind="coupon", value_text="500円引き", made_at=localtime.now())
    for number, days in enumerate((6, 7)):
        Coupon.create(
            customer=coupon.id,
            reward=reward.id,
            code=f"C-{number}",
            cause=f"c{number}",
            issued_at=localtime.now(),
            valid_until=today + timedelta(days=days),
        )


def effects() -> None:
    """A flow that certainly earns: of 400 who got it nearly all bought again, of 200 held out nearly nobody."""
    flow = test_effects.a_flow()
    test_effects.people(flow, ENROLLED, 400, 300)
    test_effects.people(flow, HELD_OUT, 170, 40)
    test_effects.people(flow, ENROLLED, 20, 0, variant="b", days=20)


def waiting_campaigns() -> None:
    campaign = campaign_scene.a_campaign("冬のご案内")
    who, now = chats.customer("受野 とる"), localtime.now()
    campaign_scene.put(campaign, state=LATE, reason="outage", scheduled_at=now, started_at=now)
    CampaignRecipient.create(
        campaign=campaign.id, customer=who.id, conversation_id=who.conversation_id, state=WAITING, send_at=now
    )


def pushes_left() -> None:
    with write_transaction():
        month_quota.keep(Month(200, 188))


def parked_orders() -> None:
    order = Order(
        source="csv",
        order_number="A-1",
        ordered_at=localtime.now(),
        ordered_on=localtime.today(),
        total_yen=YEN,
        customer_number="C-1",
    )
    with write_transaction():
        parked.park("A-1", "csv", Question(Reason.STATE, "店頭保留", "店頭保留"), order, announce=False)


def failed_jobs() -> None:
    chats.wrote(buyer("止野 まる"), "こんにちは")
    InboxEvent.update(state="parked", error="KeyError").execute()


def products() -> None:
    buyer("品野 そろ", 10, 3_650, sku="HD-1")
    Product.create(sku="HD-1", name="石けん")
    PurchaseItem.update(unit_yen=3_650).execute()


SCENES: dict[str, tuple[Callable[[], None], str, int, str]] = {
    "danger": (danger, "いのちやお体のことを書いたお客様がお待ちです", 3_000, "/console/tickets/1"),
    "late-promises": (
        late_promises,
        "お返事の約束を過ぎたお客様が2人います。まずここからお返事を。うち1人は低い評価の方です。",
        6_000,
        "/console/tickets?view=at_risk",
    ),
    "promises-today": (
        promises_today,
        "お返事の約束がきょうまでのお客様が1人います（早い方は13:00）。うち1人は低い評価の方です。",
        1_000,
        "/console/tickets/1",
    ),
    "contact": (contact, "間があいてきた1人にひとこと書きましょう", 1_000, "/console/contacts"),
    "testimonials": (
        testimonials,
        "お客様の声が1件、公開されるのを待っています",
        500,
        "/console/testimonials",
    ),
    "referrals": (referrals, "紹介が1件、確認を待っています", 1_000, "/console/referrals/held"),
    "second-purchase": (
        second_purchase,
        "はじめて買った2人が、2回目を買うころ（40日）をこの1週間で過ぎます",
        5_625,
        "/console/campaigns/new?audience.min_orders=1&audience.max_orders=1&audience.min_days_since_order=34"
        "&audience.max_days_since_order=40",
    ),
    "expiring": (
        expiring,
        "ポイントかクーポンの期限が来る方が2人います",
        1_000,
        "/console/campaigns/new?audience.customer_ids=1%0A2",
    ),
    "effect:flow:1": (
        effects,
        "「お買い物のあと」の答えが出ました: 送ったほうが、また買う方がふえています",
        0,
        "/console/flows/after/effect",
    ),
    "campaign:1": (
        waiting_campaigns,
        "キャンペーン「冬のご案内」が予定より遅れています。まだの1人に",
        0,
        "/console/campaigns/1",
    ),
    "pushes-left": (pushes_left, "今月送れるメッセージは、あと12通です", 0, "/console/messages"),
    "parked-orders": (parked_orders, "読めなかった注文が1件", YEN, "/console/orders/parked"),
    "failed-jobs": (failed_jobs, "止まった処理が1件あります", 500, "/console/stuck"),
    "products": (products, "売れている商品が1点、ページのアドレスか名前がない", 222, "/console/products/1"),
}
"""Each to-do with its scene: what its sentence has, its yen at stake, and where it leads."""


def a_shop_in_trouble() -> None:
    """Everything at once."""
    for scene, *_ in SCENES.values():
        scene()
    shop.use({})
