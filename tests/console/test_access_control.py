"""Which role may open which page: every route is tested, by rule and not by list."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from benchmarks import owner
from bot.config.settings import Settings
from console.auth.access_control import ANYONE_MAY, STAFF_MAY, csrf
from tests.complete import assert_none, assert_same
from tests.console import chats
from tests.console.conftest import BASE, SignIn, enter, get, make_app

OWNERS_ALONE = {
    *("console.reward", "console.change_reward", "console.preview_reward"),
    *("console.before_giving", "console.give_reward"),
    *("console.imports", "console.receive_import", "console.import_page", "console.import_progress"),
    *("console.import_rows_csv", "console.choose_import_columns", "console.start_import"),
    *("console.discard_import", "console.undo_import"),
    *("console.set_up_guide", "console.set_up_answers", "console.set_up_hours", "console.set_up_menus"),
    *("console.set_up_orders", "console.set_up_question", "console.confirm_of_line"),
    *("console.data", "console.start_export", "console.download_export", "console.start_backup"),
    "console.release_sending",
    *("console.before_erase", "console.erase_customer", "console.export_customer"),
    "console.month_report",
    "console.month_report_csv",
    "console.point_entries",
    "console.points_expiring",
    "console.rank_changes",
    "console.rank_figures",
    "console.rank_people",
    "console.referral_friends",
    "console.referral_leaders",
    "console.referral_paid",
    "console.referral_people",
    "console.reports",
    *("console.settings", "console.settings_subject", "console.change_settings", "console.settings_number"),
    *("console.settings_versions", "console.before_undo", "console.undo_settings"),
    *("console.take_back_settings", "console.drop_unusable_settings", "console.adopt_ranks"),
    *("console.settings_file", "console.settings_export", "console.check_settings_file"),
    "console.import_settings",
    *("console.connections", "console.open_connections", "console.change_connection"),
    *(
        "console.ltv",
        "console.ltv_people",
        "console.ltv_people_csv",
        "console.enter_cost",
        "console.undo_cost",
    ),
    *("console.stages", "console.stage_people", "console.stage_people_csv"),
    *("console.stage_moves", "console.stage_moves_csv"),
    *("console.rfm", "console.rfm_people", "console.rfm_people_csv"),
    *("console.recency", "console.recency_people", "console.recency_people_csv"),
    *("console.products", "console.product", "console.change_product"),
    "console.add_step",
    "console.answer_late",
    "console.answer_list",
    "console.answer_list_csv",
    "console.audit_csv",
    "console.audit_log",
    "console.check_again",
    "console.health",
    "console.before_on",
    "console.before_publish",
    "console.before_schedule",
    "console.before_take_in",
    "console.campaign",
    "console.campaign_people",
    "console.campaign_progress",
    "console.campaign_recipients",
    "console.campaigns",
    "console.change_campaign",
    "console.change_flow",
    "console.change_staff",
    "console.change_step",
    "console.choose_own_line",
    *("console.customer_sheet_csv", "console.customer_sheet_xlsx", "console.customers_csv"),
    "console.copy_campaign",
    "console.copy_flow",
    "console.count_campaign",
    "console.decide_parked",
    "console.drop_audience",
    "console.drop_campaign",
    "console.drop_draft",
    "console.effects",
    "console.enter_flow",
    "console.explain_word",
    "console.export_flow",
    "console.failed_jobs",
    "console.faq_import_file",
    "console.faq_import_now",
    "console.faq_import_plan",
    "console.faq_look_through",
    "console.figure",
    "console.figure_csv",
    "console.figure_list",
    "console.figures",
    "console.today",
    "console.flow",
    "console.flow_effect",
    "console.flow_import_file",
    "console.flows",
    "console.forget_word",
    "console.import_flow",
    "console.invite",
    "console.keys",
    "console.make_campaign",
    "console.make_flow",
    "console.make_key",
    "console.make_reward",
    "console.messages",
    "console.new_campaign",
    "console.new_flow",
    "console.parked",
    "console.people",
    "console.preview_campaign",
    "console.preview_step",
    "console.publish_and_move",
    "console.publish_flow",
    "console.rank_simulation",
    "console.rank_simulation_csv",
    "console.rank_simulations",
    "console.recipients_csv",
    "console.referrals",
    "console.replay",
    "console.replay_all",
    "console.revoke_key",
    "console.rewards",
    "console.satisfaction",
    "console.satisfaction_csv",
    "console.satisfaction_list",
    "console.schedule_campaign",
    "console.switch_campaign",
    "console.switch_flow",
    "console.switch_flow_on",
    "console.switch_reward",
    "console.take_customers_in",
    "console.try_ranks",
    "console.walk_flow",
    "console.withdraw_invitation",
}
"""Listed so that each new page needs a decision; what refuses staff is that STAFF_MAY lacks them."""


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Every (endpoint, method, path) of the console, its numbers filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console."):
            path = re.sub(r"<int:[^>]+>", "1", rule.rule).replace("<path:filename>", "console.css")
            path = re.sub(r"<any\((\w+)[^>]+>", r"\1", path)
            path = re.sub(r"<[^>]+>", "event", path)
            found += [
                (rule.endpoint, method, path) for method in sorted((rule.methods or set()) & {"GET", "POST"})
            ]
    return found


@pytest.fixture
def no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disable CSRF tokens: the authorization behind them is tested."""
    monkeypatch.setattr(csrf, "protect", lambda: None)


def test_signed_out_every_page_leads_to_the_sign_in(
    app: Flask, stranger: FlaskClient, no_tokens: None
) -> None:
    for endpoint, method, path in routes(app):
        if endpoint not in ANYONE_MAY:
            answer = stranger.open(path, method=method, base_url=BASE)
            assert answer.status_code == 303, (endpoint, method)
            assert "/console/sign-in" in answer.headers["Location"]


def test_signed_out_a_fragment_sends_the_whole_page_to_the_sign_in(stranger: FlaskClient) -> None:
    answer = get(stranger, "/console/tickets/queue", **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/console/sign-in")


def test_staff_see_what_is_on_the_list_and_nothing_else(app: Flask, sign_in: SignIn, no_tokens: None) -> None:
    client = sign_in("staff")
    for endpoint, method, path in routes(app):
        if endpoint not in ANYONE_MAY | STAFF_MAY:
            assert client.open(path, method=method, base_url=BASE).status_code == 403, (endpoint, method)


def test_a_nul_character_is_refused(app: Flask, sign_in: SignIn, no_tokens: None) -> None:
    client = sign_in("owner")
    for endpoint, method, path in routes(app):
        if endpoint != "console.static":
            strange = {"data": {"q": "a\0b"}} if method == "POST" else {"query_string": "q=a%00b"}
            answer = client.open(path, method=method, base_url=BASE, **strange)
            assert answer.status_code == 400, (endpoint, method)


def test_each_page_is_in_one_list_and_the_lists_name_only_what_there_is(app: Flask) -> None:
    assert_same(
        {endpoint for endpoint, _, _ in routes(app)},
        ANYONE_MAY | STAFF_MAY | OWNERS_ALONE,
        missing="until somebody decides, the owner alone may open it. If staff may, add it to STAFF_MAY in "
        "console/auth/access_control.py, else to OWNERS_ALONE in tests/console/test_access_control.py.",
        too_many="a list of console/auth/access_control.py or OWNERS_ALONE in this file names it, and there is no such "
        "page: take it out.",
    )
    assert_none(
        OWNERS_ALONE & (ANYONE_MAY | STAFF_MAY),
        "staff may open it, so take it out of OWNERS_ALONE in tests/console/test_access_control.py.",
    )


@pytest.mark.parametrize("path", ["/console/figures", "/console/referrals", "/console/stuck"])
def test_the_owner_sees_the_owners_pages(sign_in: SignIn, path: str) -> None:
    assert get(sign_in("owner"), path).status_code == 200


def test_no_post_works_without_its_token(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("owner")
    for endpoint, method, path in routes(app):
        if method == "POST":
            answer = client.open(path, method="POST", base_url=BASE, data={"text": "こんにちは"})
            assert answer.status_code == 400, endpoint


def test_a_refused_reply_is_given_back(sign_in: SignIn) -> None:
    client = sign_in("staff")
    made = chats.unhappy_customer()
    path = f"/console/tickets/{made.id}/reply"
    answer = client.post(path, base_url=BASE, data={"text": "長い返信の下書き"})
    assert answer.status_code == 400
    assert "長い返信の下書き" in answer.text


def test_every_page_forbids_what_comes_from_elsewhere(sign_in: SignIn) -> None:
    client = sign_in("owner")
    made = chats.unhappy_customer()
    for path in ("tickets", f"tickets/{made.id}", "figures", "referrals", "stuck", "tickets/999"):
        headers = get(client, f"/console/{path}").headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


def test_no_answer_goes_out_without_its_headers(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("owner")
    for endpoint, method, path in routes(app):
        if method == "GET" and endpoint != "console.sign_in":
            headers = client.get(path, base_url=BASE).headers
            assert headers["Content-Security-Policy"].startswith("default-src 'none'"), endpoint
            assert "unsafe" not in headers["Content-Security-Policy"], endpoint
            assert headers["X-Content-Type-Options"] == "nosniff", endpoint
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", endpoint


def test_a_page_that_is_in_no_list_is_the_owners_alone(settings: Settings, database: object) -> None:
    app = make_app(settings)
    app.add_url_rule("/console/unlisted", "console.unlisted", lambda: "a page nobody listed")
    assert get(app.test_client(), "/console/unlisted").status_code == 303
    assert get(enter(app, "staff"), "/console/unlisted").status_code == 403
    assert get(enter(app, "owner"), "/console/unlisted").status_code == 200


def test_no_page_holds_what_the_policy_would_refuse(sign_in: SignIn) -> None:
    client = sign_in("owner")
    made = chats.unhappy_customer()
    for path in ("tickets", f"tickets/{made.id}", "figures", "referrals", "stuck"):
        page = get(client, f"/console/{path}").text
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page), path
        assert not re.search(r"<script(?![^>]*src=)", page), path


def test_what_customers_are_called_and_write_is_only_text(sign_in: SignIn) -> None:
    client = sign_in("staff")
    who = chats.customer("<img src=x onerror=alert(1)>")
    chats.wrote(who, "<script>alert(2)</script>", 3)
    made = chats.ticket(who)
    for path in ("tickets", f"tickets/{made.id}"):
        page = get(client, f"/console/{path}").text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(2)" in page


def test_files_of_ours_may_be_cached_because_their_address_changes_with_them(sign_in: SignIn) -> None:
    client = sign_in("staff")
    address = re.search(r'href="(/console/static/console\.css\?v=\w+)"', get(client, "/console/tickets").text)
    assert address
    assert "immutable" in get(client, address[1]).headers["Cache-Control"]


def test_the_benchmarks_sign_in_as_an_owner(app: Flask) -> None:
    client = app.test_client()
    owner.sign_in(client)
    owner.get(client, "/console/figures")
