"""The menu: every page is in it, each role sees what it may open, and the present page is marked."""

import re

from flask import Flask, url_for

from console.shell.navigation import MENU
from tests.complete import assert_none, assert_same
from tests.console.conftest import SignIn, get
from tests.pictures import picture_of
from tests.project_files import ROOT

REACHED_OTHERWISE = {
    "before_giving",
    *("home", "sign_in", "queue", "account", "audit_csv"),
    *("notifications", "new_alerts", "manifest", "service_worker"),
    *("coupons", "answer_figures_page", "faq_new", "faq_import_file", "faq_export"),
    *("set_up_guide", "set_up_answers", "set_up_hours", "set_up_menus", "set_up_orders", "set_up_question"),
    *("second_step", "set_up_second_factor"),
    *(
        "stage_moves",
        "stage_moves_csv",
        "rfm_people",
        "rfm_people_csv",
        "recency_people",
        "recency_people_csv",
    ),
    *("rank_changes", "rank_people", "points_expiring", "point_entries"),
    *("referral_leaders", "referral_paid", "referral_people"),
    *("figure_list", "ltv_people", "ltv_people_csv"),
    *("answer_list", "answer_list_csv", "satisfaction_list", "satisfaction_csv"),
    *("customers_csv", "customer_sheet_csv", "customer_sheet_xlsx"),
    *("connections", "forgotten_password"),
    *("settings_versions", "settings_file", "settings_export", "settings_number"),
    *("new_flow", "flow_import_file", "contact_history", "new_campaign"),
}
"""Pages left out of the menu: sign-in, fragments, the account page, files, and pages that another page links to."""


def listed(page: str) -> set[str]:
    """The addresses in the menu of a page."""
    menu = re.search(r'<nav class="menu-wide".*?</nav>', page, re.DOTALL)
    assert menu
    return set(re.findall(r'href="([^"]+)"', menu[0]))


def test_every_page_that_needs_no_number_is_in_the_menu(app: Flask) -> None:
    pages = {
        rule.endpoint.removeprefix("console.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and not rule.arguments and "GET" in (rule.methods or ())
    }
    in_menu = {entry.page for group in MENU for entry in group.entries}
    assert_same(
        pages - REACHED_OTHERWISE,
        in_menu,
        missing="this page is in no menu: add an Entry to MENU in console/shell/navigation.py, or, where another page "
        "leads to it, its name to REACHED_OTHERWISE in tests/console/test_navigation.py.",
        too_many="the menu in console/shell/navigation.py names it, and there is no such page.",
    )


def test_each_role_sees_the_pages_they_may_open(sign_in: SignIn) -> None:
    seen = {}
    for role in ("staff", "owner"):
        client = sign_in(role)
        seen[role] = listed(get(client, "/console/tickets").text)
        for address in seen[role]:
            assert get(client, address).status_code == 200, (role, address)
    assert "/console/tickets" in seen["staff"]
    assert "/console/figures" in seen["owner"] - seen["staff"]


def test_the_menu_says_where_one_is(sign_in: SignIn) -> None:
    client = sign_in("owner")
    for path in ("figures", "link-codes", "referrals/held", "tickets"):
        page = get(client, f"/console/{path}").text
        assert set(re.findall(r'<a href="([^"]+)" aria-current="page"', page.split("<main")[0])) == {
            f"/console/{path}"
        }


def test_every_page_of_the_menu_is_pictured_in_the_documents(app: Flask) -> None:
    shown = re.findall(r"\]\(pictures/([^)]+)\)", (ROOT / "docs" / "console.md").read_text("utf-8"))
    with app.test_request_context():
        pages = [url_for(f"console.{entry.page}") for group in MENU for entry in group.entries]
    assert_none(
        {picture_of(page) for page in pages} - {*shown},
        "docs/console.md does not show this page of the menu: run script/pictures with this name, and add a line there "
        "that shows docs/pictures/ with it.",
    )
    assert_none(
        (name for name in shown if not (ROOT / "docs" / "pictures" / name).is_file()),
        "docs/console.md shows it, and it is not in docs/pictures: run script/pictures with this name.",
    )


def test_no_page_stands_in_the_menu_twice() -> None:
    pages = [entry.page for group in MENU for entry in group.entries]
    assert len(pages) == len(set(pages))
