"""The owner's pages of imports: a file is previewed, its columns corrected, taken in, and undone."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.db.database import write_transaction
from bot.queue.inbox import InboxEvent
from console.shell.audit import AuditEntry
from customers.imports import files, imports
from customers.imports.tables import DataImport, ImportState
from handlers import import_jobs, register
from tests.console.conftest import BASE, SignIn, get, post

HEADER = "注文番号,注文日時,お支払い合計,会員番号,商品名,数量"
ROWS = ("A-1,2026/11/5 13:20,5400,C-1,緑茶,2", "A-2,2026/11/6,800円,C-2,湯のみ,1")


@pytest.fixture
def owner(sign_in: SignIn) -> Iterator[FlaskClient]:
    register()
    yield sign_in("owner")
    import_jobs._close()


def give(client: FlaskClient, content: str, kind: str = "orders", name: str = "注文.csv") -> TestResponse:
    page = get(client, "/console/imports").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    data = {"csrf_token": token[1], "import_kind": kind, "file": (io.BytesIO(content.encode("cp932")), name)}
    return client.post(
        "/console/imports", base_url=BASE, data=data, headers={"Referer": f"{BASE}/console/imports"}
    )


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def path_of(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return answer.location.removeprefix(BASE)


def choose(client: FlaskClient, page: str, columns: dict[str, str]) -> None:
    form: dict[str, Any] = {f"column-{name}": column for name, column in columns.items()}
    post(client, f"{page}/columns", page=page, **form)


def start(client: FlaskClient, page: str) -> int:
    status = int(post(client, f"{page}/start", page=page).status_code)
    import_jobs.run_imports()
    return status


def test_only_the_owner_may_import(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    assert get(staff, "/console/imports").status_code == 403


def test_a_file_is_previewed_imported_and_listed_with_its_bad_rows(owner: FlaskClient) -> None:
    page = path_of(give(owner, lines(*ROWS, "A-3,昨日,100,C-1,急須,1")))
    shown = get(owner, page).text
    for words in ("A-1", "5,400", "緑茶 × 2", "C-1", "4行目: 注文日: 日付として読めません", "読めた注文 2件"):
        assert words in shown, words
    assert InboxEvent.select().count() == 0

    start(owner, page)

    assert InboxEvent.select().count() == 2
    result = get(owner, page).text
    assert "取り込みました" in result and "4行目" in result
    table = get(owner, f"{page}/rows.csv").text
    assert table.splitlines()[1].startswith("4,読めない行,注文日: 日付として読めません")
    listed = get(owner, "/console/imports").text
    assert "注文.csv" in listed and "鈴木 一郎" in listed and "新しく取り込んだもの 2" in listed
    assert "ファイルを取り込んだ" in get(owner, "/console/audit").text
    assert AuditEntry.select().where(AuditEntry.kind == "start_import").count() == 1


def test_the_same_file_again_leads_to_what_came_of_it(owner: FlaskClient) -> None:
    page = path_of(give(owner, lines(*ROWS)))
    start(owner, page)
    assert path_of(give(owner, lines(*ROWS), name="copy.csv")) == page
    assert "もう取り込んであります" in get(owner, page).text
    start(owner, page)
    assert DataImport.get().state == ImportState.DONE
    assert InboxEvent.select().count() == 2


def test_columns_with_names_of_their_own_are_chosen_and_remembered(owner: FlaskClient) -> None:
    header = "番号らしきもの,いつ,いくら,だれ"
    page = path_of(give(owner, lines("A-1,2026/11/5,5400,C-1", header=header)))
    shown = get(owner, page).text
    assert "必要な列がありません" in shown
    assert post(owner, f"{page}/start", page=page).status_code == 422
    chosen = dict(
        zip(("order_number", "ordered_at", "total_yen", "customer_number"), header.split(","), strict=True)
    )
    choose(owner, page, chosen)
    assert "読めた注文 1件" in get(owner, page).text
    start(owner, page)
    second = path_of(give(owner, lines("A-2,2026/11/5,5400,C-1", header=header)))
    assert "読めた注文 1件" in get(owner, second).text


def test_a_column_that_is_recognized_wrongly_can_be_left_out(owner: FlaskClient) -> None:
    page = path_of(give(owner, lines(*ROWS)))
    names = {
        **{"order_number": "注文番号", "ordered_at": "注文日時", "total_yen": "お支払い合計"},
        **{"customer_number": "会員番号", "name": "商品名", "quantity": ""},
    }
    choose(owner, page, names)
    assert json.loads(DataImport.get().columns) == {"quantity": "-"}
    assert "緑茶 × 1" in get(owner, page).text


@pytest.mark.parametrize(
    ("content", "kind", "status", "words"),
    [
        ("", "orders", 422, "ファイルが空です"),
        (lines(*ROWS), "people", 422, "注文か商品かを選んでください"),
    ],
)
def test_what_cannot_be_taken_says_why(
    owner: FlaskClient, content: str, kind: str, status: int, words: str
) -> None:
    answer = give(owner, content, kind)
    assert (answer.status_code, words in answer.text) == (status, True)


def test_a_file_that_is_too_large_says_how_large_it_may_be(
    owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_BYTES", 60)
    answer = give(owner, lines(*ROWS))
    assert answer.status_code == 413
    assert "ファイルが大きすぎます（1 KBまで）" in answer.text


def test_a_file_that_is_no_text_says_so_and_can_be_deleted(owner: FlaskClient) -> None:
    page = path_of(give(owner, "PK\x03\x04 workbook"))
    assert "Excelのブックです" in get(owner, page).text
    assert path_of(post(owner, f"{page}/discard", page=page)) == "/console/imports"
    assert "workbook" not in get(owner, "/console/imports").text


def test_an_import_is_undone_or_says_why_not(owner: FlaskClient) -> None:
    page = path_of(give(owner, lines(*ROWS)))
    start(owner, page)
    post(owner, f"{page}/undo", page=page)
    part = get(owner, f"{page}/progress?seen=undo").text
    assert "取り消せるか確かめています" in part
    import_jobs.run_imports()
    assert get(owner, f"{page}/progress?seen=undo").headers["HX-Refresh"] == "true"
    shown = get(owner, page).text
    assert "この取り込みは取り消せません。" in shown
    assert "2件の注文を、まだ処理しています" in shown

    with write_transaction():
        InboxEvent.update(state="done").execute()
    post(owner, f"{page}/undo", page=page)
    import_jobs.run_imports()
    assert "鈴木 一郎が取り消しました" in get(owner, page).text


def test_products_are_previewed_and_imported(owner: FlaskClient) -> None:
    page = path_of(
        give(owner, lines("TEA,緑茶,900", "CUP,湯のみ,高い", header="商品コード,商品名,価格"), "products")
    )
    shown = get(owner, page).text
    assert "読めた商品 1件・読めない行 1件" in shown and "価格は0以上の円の数字" in shown
    start(owner, page)
    assert "緑茶" in get(owner, "/console/products").text
    assert imports.rows_of(DataImport.get(), 5)[0].line == 3


def test_the_pages_speak_english(owner: FlaskClient) -> None:
    page = path_of(
        give(owner, lines("A-1,昨日,100,C-1,tea,1", "A-2,2026/11/5,1,C-1,tea,1"), name="orders.csv")
    )
    post(owner, "/console/language/en", page="/console/imports")
    shown = get(owner, page).text
    assert "Line 2: ordered at: cannot be read as a date" in shown
    start(owner, page)
    assert "Rows to check" in get(owner, page).text
