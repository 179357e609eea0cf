"""The staff page, sessions, and the audit log of changes to accounts."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import localtime
from bot.config import settings
from bot.db.database import write_transaction
from bot.notices import Notice
from console.auth import invitations, sessions, staff_accounts
from console.auth.access_control import NOT_RECORDED
from console.auth.staff_accounts import Role, Staff
from console.shell import audit, audit_words
from console.shell.audit import AuditEntry
from tests.complete import assert_same
from tests.console import chats
from tests.console.conftest import SignIn, get, post

PEOPLE, ACCOUNT = "/console/staff", "/console/account"


def invited(client: FlaskClient, role: str = "staff") -> str:
    """The path of a new invitation."""
    page = post(client, "/console/staff/invitations", page=PEOPLE, name="田中 みお", role=role).text
    link = re.search(r"https://goen\.example(/console/join/[\w-]+)", page)
    assert link, page
    return link[1]


def join(client: FlaskClient, path: str, password: str = chats.PASSWORD) -> int:
    answer = post(client, path, page=path, email="mio@example.jp", name="田中 みお", password=password)
    return int(answer.status_code)


def test_an_invited_person_joins_once(app: Flask, sign_in: SignIn) -> None:
    owner, mio = sign_in("owner"), app.test_client()
    path = invited(owner)
    assert join(mio, path, "short") == 422
    assert join(mio, path) == 303
    assert get(mio, "/console/tickets").status_code == 200
    assert get(mio, PEOPLE).status_code == 403
    assert get(app.test_client(), path).status_code == 404
    assert [entry.kind for entry in audit.page(None, None, None, None)] == ["join", "invite"]


def test_in_the_demo_an_invitation_leads_to_the_console_it_was_made_in(sign_in: SignIn) -> None:
    owner, config = sign_in("owner"), settings.current()
    settings.use(config.model_copy(update={"public_url": "https://nobodys.example"}))
    page = post(owner, "/console/staff/invitations", page=PEOPLE, name="田中 みお", role="staff").text
    assert "https://nobodys.example/console/join/" in page
    settings.use(settings.current().model_copy(update={"demo_dir": config.data_dir}))
    assert invited(owner)


def test_an_invitation_ends_by_its_time_and_by_the_owner(app: Flask, sign_in: SignIn) -> None:
    owner, stranger = sign_in("owner"), app.test_client()
    path = invited(owner)
    with localtime.fixed(localtime.now() + invitations.HOLDS + timedelta(seconds=1)):
        expired = get(stranger, path)
        assert expired.status_code == 404
        assert f"招待した{Staff.get(Staff.role == Role.OWNER).name}さんに" in expired.text
        assert "期限の7日を過ぎました" in expired.text
    [invitation] = invitations.pending()
    post(owner, f"/console/staff/invitations/{invitation.id}/withdraw", page=PEOPLE)
    withdrawn = get(stranger, path)
    assert withdrawn.status_code == 404
    assert "お店のオーナーに" in withdrawn.text, "who made it is not known any more"


def test_a_used_invitation_leads_to_sign_in(app: Flask, sign_in: SignIn) -> None:
    owner, mio = sign_in("owner"), app.test_client()
    path = invited(owner)
    join(mio, path)
    used = get(app.test_client(), path).text
    assert "すでに登録に使われています" in used
    assert "/console/sign-in" in used


def test_there_is_always_an_owner(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    me = Staff.get(Staff.role == Role.OWNER)
    for change in ("staff", "disable"):
        post(owner, f"/console/staff/{me.id}/{change}", page=PEOPLE)
        assert "オーナーが一人もいなくなる" in get(owner, PEOPLE).text
    assert Staff.get_by_id(me.id).is_owner
    assert AuditEntry.select().count() == 0, "nothing was changed"


def test_the_owner_changes_a_role_and_shuts_out(sign_in: SignIn) -> None:
    owner, colleague = sign_in("owner"), sign_in("staff")
    number = Staff.get(Staff.role == Role.STAFF).id
    post(owner, f"/console/staff/{number}/owner", page=PEOPLE)
    assert get(colleague, PEOPLE).status_code == 200
    post(owner, f"/console/staff/{number}/disable", page=PEOPLE)
    assert get(colleague, "/console/tickets").status_code == 303
    post(owner, f"/console/staff/{number}/enable", page=PEOPLE)
    assert get(colleague, "/console/tickets").status_code == 303, "the old session stays ended"
    record = audit.page(None, "change_staff", None, None)
    assert '"role": "staff"' in record[-1].details
    assert post(owner, f"/console/staff/{number}/other", page=PEOPLE).status_code == 404


def second_device(app: Flask) -> FlaskClient:
    client = app.test_client()
    page = "/console/sign-in"
    post(client, page, page=page, email="staff@example.jp", password=chats.PASSWORD)
    return client


def test_one_ends_other_devices(app: Flask, sign_in: SignIn) -> None:
    first = sign_in("staff")
    second = second_device(app)
    assert len(re.findall("<li class=.row-actions", get(first, ACCOUNT).text)) == 2
    post(first, "/console/account/sessions/end", page=ACCOUNT)
    assert get(second, ACCOUNT).status_code == 303
    assert get(first, ACCOUNT).status_code == 200


def test_a_new_password_ends_other_devices(app: Flask, sign_in: SignIn) -> None:
    first = sign_in("staff")
    second = second_device(app)
    change = "/console/account/password"
    post(first, change, page=ACCOUNT, old="wrong wrong wrong", new="another long one")
    assert get(second, ACCOUNT).status_code == 200
    post(first, change, page=ACCOUNT, old=chats.PASSWORD, new="another long one")
    assert get(second, ACCOUNT).status_code == 303
    assert get(first, ACCOUNT).status_code == 200
    assert staff_accounts.authenticate("staff@example.jp", "another long one")


@pytest.mark.parametrize(("later", "status"), [(6, 200), (8, 303)])
def test_a_session_ends_when_nobody_uses_it(sign_in: SignIn, later: int, status: int) -> None:
    client = sign_in("staff")
    with localtime.fixed(localtime.now() + timedelta(days=later)):
        assert get(client, ACCOUNT).status_code == status


def test_a_session_ends_however_much_it_is_used(sign_in: SignIn) -> None:
    client, begun = sign_in("staff"), localtime.now()
    answers = []
    for day in (6, 12, 15):
        with localtime.fixed(begun + timedelta(days=day)):
            answers.append(get(client, ACCOUNT).status_code)
    assert answers == [200, 200, 303]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge, Windows",
        ),
        ("curl/8", "?, ?"),
    ],
)
def test_devices_are_known_by_browser_and_system(agent: str, words: str) -> None:
    assert sessions.device_in_words(agent) == words


RECORDED_DOWNLOADS = {"customers_csv", "customer_sheet_csv", "customer_sheet_xlsx"}
"""Files of personal data: who saved one is in the record, although nothing was changed."""


def test_every_form_that_changes_something_has_its_words_in_the_record(app: Flask) -> None:
    forms = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "POST" in (rule.methods or ())
    }
    assert_same(
        {name.removeprefix("console.") for name in forms - NOT_RECORDED} | RECORDED_DOWNLOADS,
        audit_words.KINDS,
        missing="the record of changes has no words for this form: add them to KINDS in console/shell/audit_words.py, "
        "or the form to NOT_RECORDED in console/auth/access_control.py when it changes nothing of the shop's.",
        too_many="KINDS in console/shell/audit_words.py has words for it, and there is no such form: take them out.",
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ticket_id", 23, ("チャット", "#23")),
        ("change", "disable", ("変更", "停止する")),
        ("before", {"role": "staff", "enabled": True}, ("変更前", "スタッフ・利用中")),
        ("name", "owner", ("名前", "owner")),
        ("points", -50, ("ポイント", "-50")),
    ],
)
def test_the_audit_log_names_each_change(
    app: Flask, name: str, value: object, words: tuple[str, str]
) -> None:
    with app.test_request_context():
        assert audit_words.detail_in_words(name, value) == words


def test_what_a_page_writes_is_recorded_whether_the_page_thinks_of_it_or_not(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(notice_id: int) -> str:
        with write_transaction():
            Notice.create(cause="x", sentence="y", raised_at=localtime.now())
        return ""

    monkeypatch.setitem(app.view_functions, "console.put_away", forgetful)
    owner = sign_in("owner")
    post(owner, "/console/notices/7/put-away")
    [entry] = audit.page(None, None, None, None)
    assert (entry.kind, entry.about) == ("put_away", '{"notice_id": 7}')


def test_a_change_that_fails_leaves_no_record(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(notice_id: int) -> str:
        with write_transaction():
            Notice.create(cause="x", sentence="y", raised_at=localtime.now())
            raise LookupError

    monkeypatch.setitem(app.view_functions, "console.put_away", failing)
    owner = sign_in("owner")
    with pytest.raises(LookupError):
        post(owner, "/console/notices/7/put-away")
    assert (AuditEntry.select().count(), Notice.select().count()) == (0, 0)


def test_the_record_is_read_by_person_kind_and_day_and_as_a_file(sign_in: SignIn) -> None:
    owner, colleague = sign_in("owner"), sign_in("staff")
    made = chats.unhappy_customer()
    post(colleague, f"/console/tickets/{made.id}/assign", assignee="me")
    post(owner, "/console/account/name", page=ACCOUNT, name="鈴木 次郎")
    number = Staff.get(Staff.role == Role.STAFF).id
    today = localtime.today()
    for query, count in (
        ("", 2),
        (f"?staff={number}", 1),
        ("?kind=change_account", 1),
        (f"?day={today}", 2),
        (f"?day={today - timedelta(days=1)}", 0),
    ):
        assert len(re.findall("<tr><td>", get(owner, f"/console/audit{query}").text)) == count, query
    file = get(owner, f"/console/audit.csv?staff={number}").text
    assert "佐藤 はな,assign," in file
    assert get(colleague, "/console/audit").status_code == 403
