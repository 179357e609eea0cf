"""CSV files as shops really export them, valid and broken: each row gives an order or a sentence about it."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.csv.orders import BadRow, GoodOrder, OrderFile, UnfinishedOrder
from customers.csv.records import UnreadableFile, records

HEADER = "注文番号,注文日,合計金額,顧客番号"
LINE_USER = "U4af4980629f1c5f1e2b3d7a9c0e8f612"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


def read(path: Path, content: str | bytes) -> list[GoodOrder | BadRow | UnfinishedOrder]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(OrderFile(path).orders())


def good(found: list[GoodOrder | BadRow | UnfinishedOrder]) -> list[str]:
    return [
        f"{each.line}: {each.order.order_number} {each.order.total_yen}"
        for each in found
        if isinstance(each, GoodOrder)
    ]


def bad(found: list[GoodOrder | BadRow | UnfinishedOrder]) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in found if isinstance(each, BadRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_every_way_to_save_a_file_reads_the_same(
    file: Path, encoding: str, newline: str, delimiter: str
) -> None:
    rows = [
        ["注文番号", "注文日時", "お支払い合計", "会員番号", "商品名", "備考"],
        ["A-1", "2026/1/5 13:20", "5400円", "C-1", "髙島屋の①ほうじ茶", "～"],
    ]
    content = newline.join(delimiter.join(row) for row in rows) + newline
    [order] = read(file, content.encode(encoding))
    assert isinstance(order, GoodOrder)
    assert (order.order.total_yen, order.order.customer_number) == (5400, "C-1")
    assert order.order.items[0].name == "髙島屋の1ほうじ茶"


@pytest.mark.parametrize(
    "header",
    [
        "受注番号,受注日,金額,LINE ID",
        "注文ＩＤ,購入日時,総合計,ＬＩＮＥユーザーＩＤ",
        '"注文番号","注文日","合計金額","line_user_id"',
        "Name,Created at,Total,LINEユーザーID",
        " 注文番号 , 注文日 , 合計 金額 , LINE ID ",
    ],
)
def test_columns_are_known_by_many_names(file: Path, header: str) -> None:
    assert good(read(file, f"{header}\nA-1,2026-01-05,5400,{LINE_USER}\n")) == ["2: A-1 5400"]


def test_the_order_s_total_wins_over_a_line_s_amount(file: Path) -> None:
    content = "金額,注文番号,注文日,合計金額,顧客番号\n1200,A-1,2026-01-05,5400,C-1\n"
    assert good(read(file, content)) == ["2: A-1 5400"]


def test_rows_of_one_order_are_its_items(file: Path) -> None:
    content = (
        f"{HEADER},商品コード,商品名,数量,単価\n"
        "A-1,2026/1/5,5400,C-1,TEA,ほうじ茶,2,1200\n"
        "A-1,2026/1/5,5400,C-1,CUP,湯のみ,1,3000\n"
        "A-2,2026/1/6,800,C-2,,送料だけ,,\n"
    )
    first, second = read(file, content)
    assert isinstance(first, GoodOrder) and isinstance(second, GoodOrder)
    assert [(item.sku, item.quantity, item.unit_yen) for item in first.order.items] == [
        ("TEA", 2, 1200),
        ("CUP", 1, 3000),
    ]
    assert [(item.name, item.quantity, item.unit_yen) for item in second.order.items] == [
        ("送料だけ", 1, None)
    ]


def test_an_order_s_values_may_stand_in_its_first_row_only(file: Path) -> None:
    content = f"{HEADER},商品名\nA-1,2026/1/5,5400,C-1,茶\nA-1,,,,菓子\n"
    [order] = read(file, content)
    assert isinstance(order, GoodOrder)
    assert [item.name for item in order.order.items] == ["茶", "菓子"]


def test_a_cell_may_hold_line_breaks_quotes_and_commas(file: Path) -> None:
    content = (
        f"{HEADER},商品名\n"
        'A-1,2026/1/5,"5,400",C-1,"ほうじ茶\r\n""特上"", 50g"\n'
        'A-2,2026/1/5,5" ,C-1,x\n'
        "A-3,2026/1/6,700,C-1,x\n"
    )
    found = read(file, content)
    assert good(found) == ["2: A-1 5400", "5: A-3 700"]
    assert bad(found) == [(4, "合計金額: 金額として読めません（例: 5,400）")]


BAD_ROWS = [
    (",2026/1/5,5400,C-1", "注文番号: 空です"),
    ("B,,5400,C-1", "注文日: 必要な項目がありません（例: 2026-01-05 13:20）"),
    ("B,2026/13/5,5400,C-1", "注文日: その日時はありません"),
    ("B,5/1/2026,5400,C-1", "注文日: 日付として読めません"),
    ("B,2026/1/5,,C-1", "合計金額: 必要な項目がありません"),
    ("B,2026/1/5,無料,C-1", "合計金額: 金額として読めません"),
    ("B,2026/1/5,-1,C-1", "合計金額: マイナスの金額です"),
    ("B,2026/1/5,5,400,C-1", "列が多すぎます（見出しは4列、この行は5列）"),
    ("B,2026/1/5", "列が足りません（見出しは4列、この行は2列）"),
    ("B,2026/1/5,5400,", "だれの注文か分かりません"),
    ("1.23E+11,2026/1/5,5400,C-1", "表計算ソフトが数字を丸めています"),
    ('"B,2026/1/5,5400', "引用符"),
    ('B,"2026/1/5"x,5400,C-1', "引用符"),
    ("B" * 65 + ",2026/1/5,5400,C-1", "注文番号: 長すぎます"),
    ("B\x07,2026/1/5,5400,C-1", "使えない文字"),
]


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS)
def test_a_bad_row_costs_only_itself(file: Path, row: str, reason: str) -> None:
    found = read(file, f"{HEADER}\nA-1,2026/1/5,100,C-1\n{row}\nA-2,2026/1/5,200,C-2\nA-3,2026/1/5,300,C-2\n")
    assert good(found) == ["2: A-1 100", "4: A-2 200", "5: A-3 300"]
    [(line, said)] = bad(found)
    assert line == 3
    assert reason in said


def test_rows_that_contradict_each_other_are_no_order(file: Path) -> None:
    found = read(file, f"{HEADER}\nA-1,2026/1/5,100,C-1\nA-1,2026/1/5,200,C-1\n")
    assert good(found) == []
    assert bad(found) == [(3, "合計金額: 同じ注文の行どうしで値が違います（例: 5,400）")]


@pytest.mark.parametrize(
    "rows", ["A-1,2026/1/5\nA-1,2026/1/5,100,C-1\n", "A-1,2026/1/5,100,C-1\nA-1,2026/1/5\n"]
)
def test_half_an_order_is_none(file: Path, rows: str) -> None:
    found = read(file, f"{HEADER}\n{rows}")
    assert good(found) == []
    assert len(bad(found)) == 2


def test_a_formula_is_only_text(file: Path) -> None:
    content = f'{HEADER}\n"=""00123""",2026/1/5,100,"=""C-1"""\n=cmd|\'/C calc\'!A0,2026/1/5,x,C-2\n'
    found = read(file, content)
    assert good(found) == ["2: 00123 100"]
    assert isinstance(found[1], BadRow)
    assert found[1].shown.startswith("注文番号 '=cmd|")


def test_the_report_shows_no_address(file: Path) -> None:
    rows = "A-1,2026/1/5,x,C-1,hanako@example.jp,090-1234-5678\nhanako@example.jp,1\n"
    content = f"{HEADER},メールアドレス,電話番号\n{rows}"
    shown = " ".join(each.shown for each in read(file, content) if isinstance(each, BadRow))
    assert "C-1" in shown
    assert "hanako" not in shown and "1234" not in shown


def test_an_unreadable_address_does_not_cost_the_order(file: Path) -> None:
    content = f"{HEADER},メールアドレス,電話番号\nA-1,2026/1/5,100,C-1,なし,-\nA-2,2026/1/5,100,,なし,\n"
    found = read(file, content)
    assert good(found) == ["2: A-1 100"]
    assert [line for line, _ in bad(found)] == [3]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ファイルが空です"),
        (b"\n\n", "ファイルが空です"),
        ("お名前,住所\n花子,東京\n".encode(), "「注文番号」（注文番号・受注番号・注文ID"),
        ("お名前,住所\n花子,東京\n".encode(), "このファイルにあった列: 「お名前」、「住所」"),
        ("注文番号,注文日,合計金額\n1,2,3\n".encode(), "お客様が分かる列"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04zip", "Excel"),
        (b"\x00\x01\x02", "文字ではないデータ"),
        (HEADER.encode() + b"\nA\xff\xff,1,2,3\n", "2行目の文字が読めません"),
        (HEADER.encode() + b"\n" + "あ1,".encode() + "ﾎｳｼﾞ茶髙".encode("cp932") + b"\n", "それより前は"),
        (HEADER.encode() + b"\n" + b"x" * 300_000, "2行目が長すぎます"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    file: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(file, content)
    assert sentence in str(refused.value)


def test_a_file_of_nothing_but_open_quotes_ends(file: Path) -> None:
    rows = "".join(f'"A-{n},2026/1/5,100,C-1\n' for n in range(1_001))
    assert len(bad(read(file, f"{HEADER}\n{rows}"))) == 1_001


@given(text=st.text(alphabet='ab",\n\r\t 1１あ='))
@settings(max_examples=300)
def test_no_text_breaks_the_reader_of_records(text: str) -> None:
    lines = text.splitlines(keepends=True)
    found = list(records(lines, ","))
    assert [each.line for each in found] == sorted(each.line for each in found)
    assert all(1 <= each.line <= len(lines) for each in found)


@given(rows=st.lists(st.lists(st.text(alphabet='ab",\n1あ='), min_size=2, max_size=4), max_size=6))
def test_what_a_spreadsheet_quotes_comes_back(rows: list[list[str]]) -> None:
    written = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    found = [list(each.cells) for each in records(written.splitlines(keepends=True), ",")]
    assert found == [row for row in rows if any(cell.strip() for cell in row)]


def test_reading_takes_no_more_memory_for_a_longer_file(file: Path) -> None:
    peaks = []
    for rows in (500, 2_000):
        lines = (f"A-{n},2026/1/5,100,C-{n}," for n in range(rows))
        file.write_text(HEADER + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
        found = OrderFile(file)
        tracemalloc.start()
        assert sum(1 for _ in found.orders()) == rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000
