"""Lists an address for every route of the web process, so that a new route is tested without being listed here.

A part of an address that names a row (`<int:ticket_id>`) is filled with the id of an existing row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from bot import localtime
from bot.db.database import Model
from bot.files.media import Media
from bot.planned_shop_changes import PlannedShopChange
from bot.shop_versions import ShopVersion
from console.auth.invitations import StaffInvitation
from console.auth.staff_accounts import Staff
from console.catalogue import catalogue
from console.notifications.deliveries import AlertDelivery
from customers.api.keys import ApiKey
from customers.costs.acquisition_costs import AcquisitionCost
from customers.imports.tables import DataImport
from customers.orders.purchases import Purchase
from customers.orders.tables import Product
from customers.people.customer import Customer
from journeys.campaigns.tables import Campaign
from journeys.contacts.tables import Contact
from journeys.flows.tables import Flow
from journeys.links.tables import ShortLink
from journeys.sending.tables import PlannedMessage
from rewards.coupons.tables import Coupon, Reward
from rewards.ledger.entries import LedgerEntry
from rewards.ranks import pages
from rewards.ranks.rules import Rank
from rewards.referrals.tables import Referral, ReferralCode
from rewards.simulation.rule_simulations import RankSimulation
from support.faq.tables import FaqAsked, FaqEntry, FaqUpload
from support.replies import addresses
from support.tickets.canned_replies import CannedText
from support.tickets.tickets import Ticket
from surveys.nps.answers import SurveyAnswer
from surveys.testimonials.tables import Testimonial
from tests.project_files import ROOT

PART = re.compile(r"<(?:([^:<>]+):)?(\w+)>")
FIELD = re.compile(r"""name="([a-z_-]{1,40})"[ >/]""")
READ = re.compile(r"""(?:form|args|values|given|sent)\.get(?:list)?\("([a-z_-]{1,40})\"""")
ROWS: dict[str, type[Model]] = {
    "answer_id": SurveyAnswer,
    "campaign_id": Campaign,
    "canned_id": CannedText,
    "contact_id": Contact,
    "customer_id": Customer,
    "entry_id": FaqEntry,
    "import_id": DataImport,
    "invitation_id": StaffInvitation,
    "planned_id": PlannedMessage,
    "product_id": Product,
    "purchase_id": Purchase,
    "question_id": FaqAsked,
    "referral_id": Referral,
    "reward_id": Reward,
    "staff_id": Staff,
    "testimonial_id": Testimonial,
    "ticket_id": Ticket,
    "delivery_id": AlertDelivery,
    "simulation_id": RankSimulation,
    "upload_id": FaqUpload,
    "version_id": AcquisitionCost,
}
"""The model whose id a part of an address is, by its name. In the points pages an entry is the ledger's."""
OF_A_BEGUN_CAMPAIGN = {
    "console.campaign_progress",
    "console.campaign_recipients",
    "console.recipients_csv",
    "console.switch_campaign",
    "console.answer_late",
}
"""Pages of a campaign that has begun; the scene makes one after a draft."""

QUERIES = {
    **dict.fromkeys(("console.ltv_people", "console.ltv_people_csv"), "?list=class&place=0"),
    "console.rank_people": "?rank=1",
    "console.rank_changes": "?direction=rose",
    "console.points_expiring": "?from=2026-01-01&to=2026-12-31",
    "console.point_entries": "?kind=earn",
    "console.settings_number": "?coupons:smallest_purchase_yen=1000",
}
"""What lists are asked for that are of nobody without it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A route with one of its methods."""

    endpoint: str
    method: str
    address: str

    def __str__(self) -> str:
        return f"{self.method} {self.address} ({self.endpoint})"


def everywhere(app: Flask) -> Iterator[Place]:
    """Every route with each of its methods, and LINE's webhook, which the web process serves before them."""
    yield Place("webhook.callback", "POST", "/callback")
    for rule in app.url_map.iter_rules():
        address = address_of(rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield Place(rule.endpoint, method, address)


def address_of(rule: Rule) -> str:
    """The route with something in each of its parts."""
    filled_in = PART.sub(lambda part: filled(rule.endpoint, part[2], part[1]), rule.rule)
    return filled_in + QUERIES.get(rule.endpoint, "")


def filled(endpoint: str, name: str, kind: str | None) -> str:
    """The value for that part of a route."""
    if kind and kind.startswith("any("):
        return kind.removeprefix("any(").rstrip(")").split(",")[0].strip()
    if endpoint == "console.rescue_points":
        return str(_first(LedgerEntry, "id"))
    if endpoint in {"console.before_undo", "console.undo_settings"}:
        return str(_first(ShopVersion, "id"))
    if endpoint == "console.take_back_settings":
        return str(_first(PlannedShopChange, "id"))
    if endpoint in {"console.settings_subject", "console.change_settings"}:
        return "survey"
    if endpoint in OF_A_BEGUN_CAMPAIGN:
        return str(_first(Campaign, "id") + 1)
    if name in ROWS:
        return str(_first(ROWS[name], "id"))
    match endpoint, name:
        case "rewards.coupon_qr" | "console.cancel_coupon" | "coupon_api.redeem", _:
            return str(_first(Coupon, "code"))
        case "rewards.invitation_qr" | "rewards.invitation_page" | "login.join", _:
            return str(_first(ReferralCode, "code"))
        case "rewards.rank_page", _:
            return pages.link(int(_first(Customer, "id")), Rank.PREMIUM).rpartition("/")[2]
        case "sent_files.file", _:
            return addresses.address(addresses.new_token(), "image/jpeg").rpartition("/")[2]
        case "short_links.open_link", _:
            return str(_first(ShortLink, "code"))
        case "console.confirm_of_line", _:
            return "greeting"
        case _, "key":
            return str(_first(Flow, "key"))
        case _, "step_key":
            return "hello"
        case "console.figure" | "console.figure_csv", _:
            return next(iter(catalogue.FIGURES), "unknown")
        case "console.month_report" | "console.month_report_csv", _:
            return f"{localtime.today():%Y-%m}"
        case _, "order_number":
            return str(_first(Purchase, "order_number"))
        case _, "message_id":
            return str(_first(Media, "message_id"))
        case _, "prefix":
            return str(_first(ApiKey, "prefix"))
        case _, "filename":
            return "console.css"
        case _, "language":
            return "ja"
        case _, "change":
            return "on-duty"
        case _, "role":
            return "staff"
        case _, "topic":
            return "orders/paid"
    return "1" if kind == "int" else "unknown"


def _first(table: type[Model], name: str) -> Any:
    found: Any = table.select(getattr(table, name)).order_by(table.id).first()
    return 1 if found is None else getattr(found, name)


def field_names() -> list[str]:
    """The name of every field of the console's forms, and of every query parameter its pages read."""
    names: set[str] = set()
    for file in (ROOT / "console").rglob("*.html"):
        names |= set(FIELD.findall(file.read_text()))
    for file in (ROOT / "console").rglob("*.py"):
        names |= set(READ.findall(file.read_text()))
    return sorted(names - {"csrf_token", "viewport"})
