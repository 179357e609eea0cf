"""Every page of the console in a real browser: no axe violations, no overflow, every control reachable by Tab.

The list of pages comes from the console's routes, so a new page is tested without being listed here.
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from playwright.sync_api import Page, ViewportSize

from bot import localtime, notices, planned_shop_changes, shop_versions
from bot.config import shop
from bot.db.database import write_transaction
from console.auth import invitations, password_links, second_factor
from console.auth.staff_accounts import Role, Staff
from console.catalogue import catalogue
from console.contacts.history import VIEWS
from console.settings import subjects
from customers.api import keys
from customers.imports import imports
from customers.imports.tables import ImportKind
from customers.orders import parked, purchases
from customers.orders.order import Order
from customers.orders.parked import Question, Reason
from customers.orders.states import OrderState
from customers.people.customer import Customer
from customers.products import product_list
from customers.products.product_list import ProductDetails
from handlers import import_jobs, recommendation_jobs
from journeys.audience import saved_audiences
from journeys.audience.definition import Audience
from journeys.contacts import tables as came
from journeys.contacts.tables import Contact
from journeys.enrolments.tables import Enrolment
from journeys.flows import stock
from journeys.flows.definition import FlowDefinition
from journeys.flows.tables import Flow
from journeys.proof.tables import HoldOutPeriod
from journeys.sending import budget_state
from journeys.sending.message_kinds import Kind, MessageClass
from rewards.coupons import coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.tables import Reward
from support.faq import entries, importing, questions_asked
from support.faq import missing as faq_missing
from support.tickets import canned_replies
from support.tickets.tickets import Ticket
from support.transcript import search
from surveys.testimonials import moderation, testimonials
from surveys.testimonials.tables import Consent
from tests.browser.console_site import LARGE, SMALL, Server, enter, violations
from tests.console import chats, contact_scene, figures_of_a_year, pictures, unasked
from tests.console import test_campaigns as campaign_scene
from tests.storage import budget_scene
from tests.storage.journeys import test_recommendations as recommendation_scene

NO_PAGES = {
    *("console.home", "console.demo_sign_in"),  # they redirect
    "console.first_owner",  # there before anybody has an account: see test_set_up.py
    *(
        "console.manifest",
        "console.service_worker",
        "console.new_alerts",
        "console.test_outcome",
    ),  # files and data
    *("console.queue", "console.chat_part", "console.room", "console.campaign_progress"),  # fragments
    "console.import_progress",
    *(
        "console.static",
        "console.media",
        "console.audit_csv",
        "console.faq_export",
        "console.export_flow",
        "console.rank_simulation_csv",
        "console.recipients_csv",
        *("console.stage_people_csv", "console.stage_moves_csv", "console.rfm_people_csv"),
        "console.recency_people_csv",
        *("console.customers_csv", "console.customer_sheet_csv", "console.customer_sheet_xlsx"),
        *("console.ltv_people_csv", "console.month_report_csv"),
        *("console.satisfaction_csv", "console.answer_list_csv"),
        *("console.figure_csv", "console.import_rows_csv"),
        "console.figure_csv",
        "console.settings_export",
    ),
    "console.settings_number",  # a fragment
    *("console.sign_in", "console.second_step"),  # before sign-in; see below and test_second_factor.py
}


def pages(app: Flask) -> dict[str, str]:
    """The address of every page by its endpoint."""
    return {
        rule.endpoint: rule.rule.removeprefix("/console/")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "GET" in (rule.methods or ())
        if rule.endpoint not in NO_PAGES
    }


def redeem_a_coupon() -> str:
    """The page of a coupon that can be redeemed."""
    with write_transaction():
        soap = reward_list.make(
            RewardDraft(name="石けん", kind=RewardKind.THANK_YOU, value_text="石けん1個", value_yen=200)
        )
        made = coupons.issue(Ticket.get().customer_id, soap, 1, "thanks:1").coupon
    assert made is not None
    return f"redeem?code={made.code}"


def faq_pages(ticket: Ticket) -> list[str]:
    """The FAQ's pages with content: a changed entry, an unanswered question, an imported file."""
    entry = entries.in_use().first()
    with write_transaction():
        entries.add_paraphrases(entry.id, ["いつごろ着く？"], by=1)
        questions_asked.record_unanswered(ticket.conversation_id, "駐車場はありますか")
        upload = importing.keep_upload("質問,回答\n駐車場は？,裏です。\n,だけ\n".encode(), "faq.csv", 2)
    [missing] = faq_missing.missing().clusters
    return [
        "faq?sort=failed&q=いつ",
        f"faq/{entry.id}",
        f"faq/{entry.id}/versions",
        f"faq/new?missing={missing.question_ids[0]}",
        "faq/missing",
        "faq/import",
        f"faq/import/{upload}",
        f"tickets/{ticket.id}?faq=返品",
    ]


def a_sent_message(ticket: Ticket) -> list[str]:
    """The pages of what was sent unasked to the ticket's customer."""
    unasked.a_flow("by-hand", "招待のお客様", "hand")
    sent = unasked.a_sent_step(
        Customer.get_by_id(ticket.customer_id), unasked.a_flow("first", "はじめて", "order")
    )
    return [
        *(f"journeys/customers/{ticket.customer_id}", f"journeys/messages/{sent.id}"),
        *(f"customers/{ticket.customer_id}", "customers?q=1", "customers?audience.min_orders=x&q=佐"),
    ]


def ask_about_orders() -> None:
    """A parked order of each kind, and a word that was explained."""
    order = Order(
        source="csv",
        order_number="A-1001",
        ordered_at=localtime.now(),
        ordered_on=localtime.today(),
        total_yen=5_400,
        email_hash="e" * 64,
    )
    words = {
        Reason.STATE: "店頭保留",
        Reason.CURRENCY: "USD",
        Reason.NUMBER: "9999",
        Reason.PARTLY: "一部返品",
        Reason.REFUND: "USD 16.00",
        Reason.AGAIN: "発送済み",
    }
    for number, (reason, word) in enumerate(words.items()):
        question = Question(reason, word, word, f"注文一覧.csv:{number + 2}", "¥5,400")
        parked.park(f"A-{1001 + number}", "csv", question, order)
    parked.give_meaning(Reason.STATE, "倉庫", "倉庫へ回送", OrderState.COUNTS, 1)


def some_testimonials() -> list[str]:
    """A testimonial with a picture in each queue; their names."""
    for number, consent in enumerate(("named", "anonymous", "named")):
        who = chats.customer(f"感想 {number}子")
        chats.sent(who, f"9{number}", pictures.broken_lid())
        with write_transaction():
            written = testimonials.write(
                who.id, "香りは好きです。\nただ、少し高いかな。", picture_message_id=f"9{number}"
            )
            testimonials.decide(who.id, written, Consent(consent), who.display_name if number != 1 else "")
            found = moderation.find(written)
            assert found
            if number == 0:
                moderation.publish(found, 1)
            if number == 1:
                moderation.refuse(found, 1, "効果を断言しているため")
    return ["waiting", "published", "refused", "withdrawn"]


def put_somebody_into(key: str, step_key: str) -> None:
    """A customer at that step of the flow, whose draft lacks it."""
    flow = Flow.get(Flow.key == key)
    now = localtime.now()
    Enrolment.create(
        customer=chats.customer("途中 の子").id,
        flow=flow.id,
        entry_key="once",
        version_id=flow.version_id,
        step_key=step_key,
        due_at=now,
        base_at=now,
        cause="hand:1",
        entered_at=now,
    )


def flow_pages() -> list[str]:
    """A flow that is on with a long and a faulty step, and a draft with changes; their pages."""
    steps = [
        {"key": "hello", "text": "{name}さん、ようこそ！", "buttons": [{"label": "はい", "tag": "yes"}]}
        | {"variant": [{"key": "b", "text": "はじめまして！"}]},
        {
            "key": "card",
            "wait": {"days": 7},
            "card": {"title": "使い方"},
            "when": {"tag": "yes"},
            "testimonial": "newest",
        },
        {"key": "quiet", "wait": {"until": "order", "days": 14}, "then": "end", "set_tags": ["seen"]},
    ]
    values = {
        "key": "welcome",
        "name": "はじめての方へ",
        "trigger": {"on": "follow"},
        "goal": {"on": "order"},
        "step": steps,
    }
    definition = FlowDefinition.model_validate(values)
    with write_transaction():
        stock.switch_on(stock.import_flow(definition), localtime.now())
        stock.save_draft(
            stock.find("welcome"), definition.model_copy(update={"calm_days": 9, "step": definition.step[1:]})
        )
        stock.save_draft(
            None, FlowDefinition.model_validate(values | {"key": "empty", "step": [{"key": "hello"}]})
        )
    put_somebody_into("welcome", "hello")
    HoldOutPeriod.create(
        subject=f"flow:{Flow.get(Flow.key == 'welcome').id}", percent=30, started_at=localtime.now()
    )
    shipped = next(each.key for each in stock.all_flows() if each.id is None)
    on = [
        f"flows/welcome{rest}" for rest in ("", "?step=hello", "?step=card", "?step=quiet", "/on", "/take-in")
    ]
    on += [
        "flows/welcome/publish",
        "flows/welcome/walk?now=20000",
        "flows/welcome/walk?q=子",
        "flows/welcome/effect",
    ]
    return [*on, "flows/empty", "flows/empty/on", f"flows/{shipped}", f"flows/{shipped}/on"]


def campaign_pages() -> list[str]:
    """A draft with a fault, one that is on its way, a late and a stopped one; their pages."""
    draft = campaign_scene.a_campaign("春のご案内", audience={"stages": ["fan"], "min_orders": 2}, message={})
    with write_transaction():
        saved_audiences.save("ファンの方", Audience.model_validate({"stages": ["fan"]}), None)
    sending = campaign_scene.on_its_way(4)
    late, stopped = (
        campaign_scene.scheduled(campaign_scene.a_campaign(name)) for name in ("遅れた", "止めた")
    )
    campaign_scene.put(late, state="late", reason="outage")
    campaign_scene.put(stopped, state="stopped", reason="quota")
    ids = [each.id for each in (draft, sending, late, stopped)]
    lists = [f"campaigns/{draft.id}/{page}" for page in ("confirm", "people")]
    return [*(f"campaigns/{each}" for each in ids), *lists, f"campaigns/{sending.id}/recipients"]


def product_pages() -> list[str]:
    """A recommended product that others are bought after, and one that cannot be recommended; their pages."""
    at = localtime.now() - timedelta(days=90)
    with write_transaction():
        for number in range(8):
            buyer = "U" + f"{number:032x}"
            purchases.record(recommendation_scene.order(f"T{number}", ["TEA", "SET"], at, buyer))
            for later, sku in ((21, "CUP"), (40, "TEA"))[: number % 3]:
                bought_at = at + timedelta(days=later)
                purchases.record(
                    recommendation_scene.order(f"{sku}{number}-{later}", [sku], bought_at, buyer)
                )
        tea, cup = (product_list.page(sku, "", 1)[0].id for sku in ("TEA", "CUP"))
        product_list.change(
            tea,
            ProductDetails(
                name="八女の深蒸し煎茶（化粧箱入り・お試し三種つき）50g",
                price_yen=1_280,
                url="https://www.hidamari.example/tea/fukamushi",
                picture_url="",
                in_stock=True,
                is_recommended=True,
                premium=True,
                repurchase_days=45,
            ),
        )
    while recommendation_jobs.count_pairs():
        pass
    return [f"products/{tea}", f"products/{cup}", "products?q=TEA", "products?q=ない"]


def contact_pages() -> list[str]:
    """Customers in staff's queue, one to whom they wrote today, and what came of others; their pages."""
    contact_scene.a_queue()
    now = localtime.now()
    written: dict[str, Any] = dict.fromkeys(("taken_at", "contacted_at", "replied_at"), now)
    written |= {"text": contact_scene.TEXT, "won_on": localtime.today(), "won_yen": 4_280}
    ends: dict[str, dict[str, Any]] = {
        came.CONTACTED: written,
        came.BOUGHT: {},
        came.NOT_NEEDED: {"reason": "gift"},
        came.MISSED: {},
    }
    lapsed = [contact_scene.lapsed(f"連絡 {number}子", 80, 40) for number in range(len(ends))]
    contact_scene.find()
    for who, (state, columns) in zip(lapsed, ends.items(), strict=True):
        ended = {"state": state, "staff_id": 1, "ended_at": now} | columns
        assert Contact.update(ended).where(Contact.customer == who).execute() == 1
    shop.use({})
    return [f"contacts/history?view={view}" for view in VIEWS]


def some_messages() -> None:
    """Unasked messages that rode, were pushed and wait for the budget."""
    shop.use({"sending": {"month_limit": 5, "reserve_percent": 0}})
    who, now = budget_scene.customer(), localtime.now()
    budget_scene.said(who, now, Kind.RANK_ROSE, Kind.COUPON_GIVEN)
    enrolment = budget_scene.enrolled(who, budget_scene.flow(), None, "done")
    budget_scene.step_sent(who, now, enrolment, sent_as="reply", message_class=MessageClass.CARE)
    for kind in (Kind.SURVEY, Kind.BIRTHDAY, Kind.FLOW_STEP, Kind.SURVEY_REMINDER):
        for _ in range(2):
            budget_scene.planned(who, kind, now)
    with write_transaction():
        budget_state.store(budget_state.compute())
    shop.use({})


def import_pages() -> list[str]:
    """A file whose columns are looked at, and one that was taken in with a bad row."""
    header, rows = "注文番号,注文日時,お支払い合計,会員番号\n", "A-1,昨日,100,C-1\nA-2,2026/11/5,100,C-1\n"
    kind = ImportKind.ORDERS
    seen = imports.receive(kind, io.BytesIO((header + rows).encode()), "注文.csv", 1)
    done = imports.receive(kind, io.BytesIO((header + rows + rows).encode()), "注文2.csv", 1)
    with write_transaction():
        imports.begin(done, {})
    import_jobs.run_imports()
    return [f"imports/{seen.id}", f"imports/{done.id}"]


def versions_of_settings() -> list[str]:
    """The page that undoes a change of the settings, with a change that waits and one that cannot be used."""
    with write_transaction():
        version = shop_versions.change({"survey": {"question_after_days": 10}}, None, "夏のあいだ")
        planned_shop_changes.plan(
            {"ranks": {"active": (0, 10, 0)}}, localtime.today() + timedelta(days=9), None
        )
    return [f"settings/versions/{version.id}/undo"]


def a_full_shop(page: Page, server: Server) -> list[str]:
    """A shop with content on each page, its owner signed in; the pages' addresses."""
    figures_of_a_year.build(150)
    sum(search.fill())
    owner, ticket, closed = Staff.get(Staff.role == Role.OWNER), Ticket.get(), chats.a_busy_desk()
    with write_transaction():
        canned_replies.keep("おわび", "{name}さま、申し訳ございません。", None)
        notices.notify("quota", "今月の送信数の上限に達しました。")
        notices.notify("link-held:1", "ご購入者 M-1 は、すでに別のLINEのお客さまと連携されています。")
        keys.create("EC-CUBE")
        ask_about_orders()
        second_factor.begin(owner)
        token = invitations.make(owner, "田中 みお", Role.STAFF)
        new_password = password_links.make(owner)
    some_messages()
    enter(page, server.address, "owner")
    page.goto(f"{server.address}/rank-trials")
    page.locator("form.rules .btn-primary").click()
    page.wait_for_url("**/rank-trials/*")
    places = [address for address in pages(server.app).values() if "<" not in address]
    places += [page.url.removeprefix(f"{server.address}/"), f"customers/{ticket.customer_id}/points"]
    places += [f"tickets/{ticket.id}", f"tickets/{closed.id}", f"tickets/{ticket.id}?buyer=nobody"]
    places += ["figures/unknown", *(f"figures/{name}" for name in list(catalogue.FIGURES)[::12])]
    places += [f"tickets?view={view}" for view in ("mine", "at_risk", "snoozed", "mentioned")]
    places += ["tickets?tag=返品", "tickets/4711", "search?q=返品", f"join/{token}", "join/unknown"]
    places += [f"new-password/{new_password}", "new-password/unknown"]
    places += ["no/such/page", "coupons?customer=1", redeem_a_coupon(), "answers?segment=passive&words=香り"]
    places += [*flow_pages(), *campaign_pages(), *contact_pages(), *product_pages()]
    places += [*faq_pages(ticket), *(f"testimonials?queue={queue}" for queue in some_testimonials())]
    places += ["ranks/people?rank=1", "ranks/changes?direction=rose", "ranks/entries?kind=earn"]
    places += [f"reports/{localtime.today():%Y-%m}", f"referrals/friends/{ticket.customer_id}"]
    places += import_pages()
    places += [f"rewards/{Reward.get().id}", f"customers/{ticket.customer_id}/erase"]
    places += ["ltv?cells=second", "ltv/people?list=step&place=1&back=0"]
    places += [f"settings/subjects/{each.key}" for each in list(subjects.all_subjects())[::4]]
    places += ["settings?q=ポイント", *versions_of_settings()]
    places += ["stages/first", "stages/acquired?reached=1", "rfm?from=x&by=f", "rfm/people?r=0&f=0"]
    return [*places, *a_sent_message(ticket)]


def endpoints(app: Flask, places: list[str]) -> set[str]:
    """The pages that these addresses are of."""
    adapter = app.url_map.bind("goen.example")
    return {adapter.match(f"/console/{place.partition('?')[0]}", method="GET")[0] for place in places}


RECORD = """() => {
    window.reached = new Map();
    window.round = false;
    document.addEventListener('focusin', ({target}) => {
        if (window.reached.has(target)) { window.round = true; return; }
        const style = getComputedStyle(target), box = target.getBoundingClientRect();
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        const there = box.bottom + scrollY > 0 && box.right + scrollX > 0 && box.width > 1 && box.height > 1;
        window.reached.set(target, outlined && there);
    });
    const controls = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    window.wanted = () => {
        const radios = [...window.reached.keys()].filter((each) => each.type === 'radio');
        const named = new Set(radios.map((each) => each.name));
        return [...document.querySelectorAll(controls)].filter((each) =>
            each.checkVisibility({visibilityProperty: true}) && !each.disabled && each.type !== 'hidden'
            && each.tabIndex >= 0
            && !(each.type === 'radio' && named.has(each.name)));
    };
}"""
MISSED = """() => {
    const start = (each) => each.outerHTML.slice(0, 120);
    return {
        unreached: window.wanted().filter((each) => !window.reached.has(each)).map(start),
        unseen: [...window.reached].filter(([, seen]) => !seen).map(([each]) => start(each)),
    };
}"""


def missed_by_tab(page: Page) -> object:
    """Controls that Tab did not reach on one round through the page, or reached without showing the focus."""
    page.evaluate(RECORD)
    presses = page.evaluate("window.wanted().length + 2")  # one to leave the page, one to enter it again
    for _ in range(10):
        for _ in range(presses):
            page.keyboard.press("Tab")
        if page.evaluate("window.round"):
            break
    return page.evaluate(MISSED)


def every_page(page: Page, server: Server, language: str) -> Iterator[str]:
    """Opens each page in that language and expands all that can be expanded; the address of each. No page of the
    console may be left out."""
    places = a_full_shop(page, server)
    assert endpoints(server.app, places) == set(pages(server.app))
    if language == "en":
        page.locator("details.me summary").click()
        page.get_by_role("button", name="English").click()
    for place in places:
        page.goto(f"{server.address}/{place}")
        page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
        yield place


def fits(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url


def is_readable_in_the_dark(page: Page) -> None:
    """Texts have enough contrast in the dark colours, too. Leaves the page in its light ones."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # no colours half way
    assert violations(page, "color-contrast") == [], page.url
    page.emulate_media(color_scheme="light")


def test_on_a_desk_axe_finds_nothing_and_tab_reaches_every_control_visibly(
    page: Page, server: Server, faults: list[str]
) -> None:
    page.goto(f"{server.address}/sign-in")
    assert violations(page) == []
    for place in every_page(page, server, "ja"):
        fits(page, SMALL)
        fits(page, LARGE)
        assert violations(page) == [], place
        assert missed_by_tab(page) == {"unreached": [], "unseen": []}, place
    faults[:] = [fault for fault in faults if "404" not in fault]
