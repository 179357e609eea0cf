"""The list of customers: found by one search field, filtered as a campaign's audience is, counted and saved.

All are listed, with how many of them can be written to: a new campaign for the list is for these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot.db.database import write_transaction
from console.campaigns import campaign_fields, campaign_form, campaign_words
from console.customers import customer_words
from console.figures import cache
from console.journeys.flow_fields import Kind
from console.shell import audit
from console.shell.translation import gettext, reads_english
from customers.people import customer as customers
from customers.people import customer_names
from customers.people.customer import Customer
from customers.search import finding
from journeys.audience import faults as audience_faults
from journeys.audience import profiles, saved_audiences, selection
from journeys.audience.definition import Audience
from journeys.audience.selection import Reach
from journeys.flows.field_types import RANKS

PAGE = 25
ALL = Audience.model_validate({})
"""The filter that leaves nobody out."""
FILES = ("customers_csv", "customer_sheet_csv", "customer_sheet_xlsx")
"""Endpoints of the files of the list."""
MOST_COUNTED = 1_000
"""Customers of a name are counted up to so many."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.add_url_rule("/customers", "customers", customer_list)
    console.post("/customers/save")(save_customer_filter)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    query: str
    """What was typed into the search field."""
    audience: Audience | None
    """None where the filter has an error."""
    form: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """The words that a name must have."""
        return customer_names.words_of(self.query)

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is chosen."""
        return self.audience is not None and self.audience != ALL


@dataclass(frozen=True, slots=True)
class Counted:
    """How many customers the list has."""

    count: int
    reachable_count: int | None
    """How many of them can be written to; None where that is not counted."""
    is_more: bool = False
    """There are more than that."""


def customer_list() -> str:
    """Customers, a page at a time."""
    asked, after = asked_for(request.args), request.args.get("after", 0, type=int)
    after = after if 0 <= after <= finding.HIGHEST_ID else 0
    ids = _page(asked, after) if asked.audience is not None else []
    shown = finding.by_ids(ids[:PAGE])
    exact = finding.exact(asked.query, PAGE) if asked.query and not after else []
    linked = [(each.customer, customer_words.found_by(each.by)) for each in exact if each.customer]
    known = profiles.of_customers([each.id for each in (*shown, *(who for who, _ in linked))])
    return render_template(
        "console/customers/customers.html",
        asked=asked,
        linked=linked,
        unlinked=[customer_words.not_linked(each.by) for each in exact if not each.customer],
        people=shown,
        profiles=known,
        counted=_counted(asked) if asked.audience is not None else None,
        most_counted=MOST_COUNTED,
        next=address(asked, ids[PAGE - 1]) if len(ids) > PAGE else None,
        first=address(asked, 0) if after else None,
        faults=_faults(asked.audience),
        opened=campaign_fields.open_groups(asked.form, asked.wrong),
        is_preparing=bool(asked.query) and customer_names.has_stale(),
        saved=saved_audiences.saved(),
        longest_name=saved_audiences.LONGEST_NAME,
        longest_query=finding.LONGEST_QUERY,
        filter_json=saved_audiences.as_json(asked.audience) if asked.audience else "",
        sentence=campaign_words.audience(asked.audience) if asked.audience and asked.is_filtered else "",
        form={path: asked.form.get(path, "") for path in campaign_fields.BY_PATH},
        is_asked=bool(arguments(asked)),
        campaign_address=_with(url_for("console.new_campaign"), arguments(asked)),
        giving_address=_with(url_for("console.before_giving"), arguments(asked)),
        files={name: _with(url_for(f"console.{name}"), arguments(asked)) for name in FILES},
        can_be_pushed=customers.can_be_pushed,
        fields=campaign_fields.BY_PATH,
        campaign_fields=campaign_fields,
        ranks=RANKS,
        words=campaign_words,
    )


def asked_for(arguments: MultiDict[str, str]) -> Asked:
    """What the arguments of an address ask for; with `saved`, the filter of that name."""
    query = " ".join(arguments.get("q", "").split())[: finding.LONGEST_QUERY]
    saved_id = arguments.get("saved", 0, type=int)
    if saved := saved_audiences.find(saved_id) if 0 < saved_id <= finding.HIGHEST_ID else None:
        audience = saved_audiences.audience_of(saved)
        return Asked(query, audience, campaign_form.shown_audience(audience))
    form = campaign_form.typed_audience(arguments)
    read, wrong = campaign_form.read_audience(form)
    return Asked(query, read, form, wrong)


def save_customer_filter() -> Response:
    """Store the filter under a name, for this list and for campaigns."""
    audience, name = _posted(), request.form.get("audience_name", "")
    try:
        with write_transaction():
            audit.note(name=name[: saved_audiences.LONGEST_NAME])
            saved = saved_audiences.save(name, audience, current_user.id)
    except ValueError:
        flash(
            gettext("名前を、%(most)s文字までで入れてください。", most=saved_audiences.LONGEST_NAME), "error"
        )
        return redirect(address(_of_audience(audience), 0), 303)
    flash(gettext("「%(name)s」を保存しました。", name=saved.name))
    return redirect(url_for("console.customers", saved=saved.id), 303)


def _posted() -> Audience:
    try:
        return Audience.model_validate_json(request.form.get("filter", ""))
    except ValidationError:
        abort(400)


def _of_audience(audience: Audience) -> Asked:
    return Asked("", audience, campaign_form.shown_audience(audience))


def _page(asked: Asked, after: int) -> list[int]:
    """The ids of the page's customers, and of the one that follows."""
    audience, words = asked.audience or ALL, asked.words
    if not asked.query:
        return [each.customer_id for each in selection.first(audience, PAGE + 1, after, reach=Reach.ALL)]
    if not words:
        return []
    if not asked.is_filtered:
        return customer_names.find(words, PAGE + 1, after)
    found = selection.query(audience, reach=Reach.ALL).where(
        customer_names.is_named(words), Customer.id > after
    )
    return [customer_id for customer_id, _ in found.order_by(Customer.id).limit(PAGE + 1).tuples()]


def _counted(asked: Asked) -> Counted:
    audience, words = asked.audience or ALL, asked.words
    if not asked.query and not asked.is_filtered:
        shown = cache.shown(EVERY_CUSTOMER)
        return Counted(**(shown.counted if shown is not None else _every_customer()))
    if not asked.query:
        return _of_audience_counted(audience)
    if asked.is_filtered and words:
        found = selection.query(audience, reach=Reach.ALL).where(customer_names.is_named(words))
        count = found.limit(MOST_COUNTED + 1).count()
    else:
        count = customer_names.count(words, MOST_COUNTED + 1)
    return Counted(min(count, MOST_COUNTED), None, count > MOST_COUNTED)


def _of_audience_counted(audience: Audience) -> Counted:
    can = selection.count(audience)
    return Counted(can + selection.count(audience, reach=Reach.CANNOT), can)


def _every_customer() -> dict[str, Any]:
    return asdict(_of_audience_counted(ALL))


EVERY_CUSTOMER = cache.Figures("customers", _every_customer)
"""How many there are; a large shop's as last counted."""


def is_longer_than(asked: Asked, most: int) -> bool:
    """Whether the list has more than so many customers."""
    audience, words = asked.audience or ALL, asked.words
    if not asked.query:
        return selection.count(audience, reach=Reach.ALL) > most
    if asked.is_filtered and words:
        found = selection.query(audience, reach=Reach.ALL).where(customer_names.is_named(words))
        return bool(found.limit(most + 1).count() > most)
    return customer_names.count(words, most + 1) > most


def _faults(audience: Audience | None) -> Sequence[str]:
    """What makes the filter find nobody, in the reader's language."""
    found = audience_faults.faults(audience) if audience else []
    return [each.sentence_en if reads_english() else each.sentence_ja for each in found]


def arguments(asked: Asked) -> list[tuple[str, str]]:
    """The search and the filter as arguments of an address."""
    pairs = [("q", asked.query)] if asked.query else []
    ticks = {each.path for each in campaign_fields.AUDIENCE_FIELDS if each.kind is Kind.TICKS}
    for path, value in asked.form.items():
        pairs += [(path, each) for each in (value.split("\n") if path in ticks else [value]) if each]
    return pairs


def address(asked: Asked, after: int = 0) -> str:
    """The list's address with that search and filter."""
    return _with(url_for("console.customers"), arguments(asked) + ([("after", str(after))] if after else []))


def _with(page: str, pairs: list[tuple[str, str]]) -> str:
    return f"{page}?{urlencode(pairs)}" if pairs else page
