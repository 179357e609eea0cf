"""The FAQ in the console: search, create, change, restore, withdraw, export and import, learn from chats."""

import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot import conversations
from bot.db.database import write_transaction
from bot.line.messages import text
from customers.orders.purchases import Product
from support.faq import entries, questions_asked
from support.faq.tables import Content, FaqAsked, FaqEntry, FaqUpload
from tests.console import chats
from tests.console.conftest import BASE, SignIn, get, post

FORM = {
    "question": "送料はいくらですか？",
    "answer": "全国一律550円です。",
    "paraphrases": "送料は\n配送料は",
    "tags": "配送、お金",
}
CARD = {
    "type": "bubble",
    "body": {
        "type": "box",
        "layout": "vertical",
        "contents": [
            {"type": "text", "text": "送料は550円"},
            {
                "type": "button",
                "action": {"type": "uri", "label": "料金表", "uri": "https://goen.example/fees"},
            },
        ],
    },
}


@pytest.fixture
def staff(sign_in: SignIn) -> FlaskClient:
    return sign_in("staff")


def written(**more: Any) -> int:
    with write_transaction():
        return entries.save(**({"question": "送料はいくらですか？", "answer": "550円です。"} | more))[0]


def asked(words: str, by: str, entry_id: int | None = None, *, solved: bool | None = None) -> None:
    with write_transaction():
        conversation_id = conversations.ensure(by)
        if entry_id is None:
            questions_asked.record_unanswered(conversation_id, words)
        else:
            asked_id = questions_asked.record_answered(conversation_id, entry_id, words)
            if solved is not None:
                questions_asked.settle(asked_id, conversation_id, solved=solved)


def send(client: FlaskClient, path: str, page: str, **form: Any):  # type: ignore[no-untyped-def]
    return post(client, f"/console/faq{path}", page=f"/console/faq{page}", **form)


def test_an_entry_is_written_changed_withdrawn_and_restored(staff: FlaskClient) -> None:
    made = send(staff, "", "/new", **FORM)
    entry = FaqEntry.get()
    assert made.headers["Location"] == f"/console/faq/{entry.id}"
    assert (entry.paraphrase_list, entry.tag_list) == (["送料は", "配送料は"], ["配送", "お金"])
    page = get(staff, f"/console/faq/{entry.id}").text
    assert "「送料はいくらですか？」を加えました。" in page
    send(staff, f"/{entry.id}", f"/{entry.id}", **FORM | {"answer": "無料です。", "revision": "1"})
    assert entries.entries([entry.id])[0].answer == "無料です。"
    send(staff, f"/{entry.id}/withdraw", f"/{entry.id}")
    assert entries.entry(entry.id) is None
    assert "取り下げ済み" in get(staff, "/console/faq?state=withdrawn").text
    send(staff, f"/{entry.id}/restore", f"/{entry.id}")
    assert entries.entry(entry.id) is not None


def test_nothing_is_written_over_what_a_colleague_wrote_meanwhile(staff: FlaskClient) -> None:
    entry_id = written()
    with write_transaction():
        entries.change(
            entry_id,
            Content("送料はいくらですか？", "600円です。"),
        )
    refused = send(staff, f"/{entry_id}", f"/{entry_id}", **FORM | {"revision": "1"})
    assert refused.status_code == 422
    assert "ほかの人が先に変更しました" in refused.text
    assert "全国一律550円です。" in refused.text, "the form still has what was typed"
    assert FaqEntry.get().answer == "600円です。"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"question": "  "}, "質問が空です"),
        ({"answer": ""}, "回答が空です"),
        ({"question": "あ" * 101}, "101文字あります"),
        ({"question": "返品は？"}, "同じ質問がすでにあります"),
        ({"product": "XX-1"}, "商品「XX-1」は登録されていません"),
        ({"card": "{"}, "カードの 1行目"),
        ({"card": '{"type": "carousel"}'}, "カードの type"),
        (
            {"card": json.dumps(CARD).replace("https://goen.example/fees", "ftp://x")},
            "カードの body.contents[1].action.uri",
        ),
    ],
)
def test_what_cannot_be_taken_is_said_with_its_place(
    staff: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    written(question="返品は？")
    refused = send(staff, "", "/new", **FORM | wrong)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert FaqEntry.select().count() == 1


def test_the_preview_shows_the_card_and_writes_nothing(staff: FlaskClient) -> None:
    form: dict[str, Any] = FORM | {"card": json.dumps(CARD)}
    part = post(staff, "/console/faq/preview", page="/console/faq/new", htmx=True, **form).text
    assert '<div id="preview"' in part
    assert "料金表" in part
    assert "まだ困っています" in part
    assert "<form" not in part
    whole = post(staff, "/console/faq/preview", page="/console/faq/new", **form).text
    assert "料金表" in whole
    assert 'name="question"' in whole
    assert FaqEntry.select().count() == 0


def test_versions_show_what_changed_and_one_goes_back(staff: FlaskClient) -> None:
    entry_id = written()
    send(staff, f"/{entry_id}", f"/{entry_id}", **FORM | {"revision": "1"})
    page = get(staff, f"/console/faq/{entry_id}/versions").text
    assert "<del>550円です。</del>" in page
    assert "<ins>全国一律550円です。</ins>" in page
    assert "佐藤 はな" in page
    assert "この版に戻す" in page
    send(staff, f"/{entry_id}/versions/1", f"/{entry_id}/versions")
    assert FaqEntry.get().answer == "550円です。"
    assert [each.revision for each in entries.versions(entry_id)] == [3, 2, 1]
    assert send(staff, f"/{entry_id}/versions/9", f"/{entry_id}/versions").status_code == 404


def test_the_list_is_filtered_and_ordered_by_its_address(staff: FlaskClient) -> None:
    Product.create(sku="HD-101", name="石けん")
    shipping = written(tags=["配送"])
    returns = written(question="返品は？", tags=["返品"], product="HD-101")
    for number in range(3):
        asked("送料", f"U{number}", shipping, solved=True)
    asked("返品", "U1", returns, solved=False)

    def listed(query: str) -> list[str]:
        found = re.findall(r'<th scope="row"><a [^>]+>([^<]+)</a>', get(staff, f"/console/faq?{query}").text)
        return list(found)

    assert listed("") == ["送料はいくらですか？", "返品は？"]
    assert listed("tag=返品") == listed("product=HD-101") == listed("q=返品は？") == ["返品は？"]
    assert listed("q=ﾍﾝﾋﾟﾝ") == []
    assert listed("product=-") == ["送料はいくらですか？"]
    assert listed("sort=asked") == ["送料はいくらですか？", "返品は？"]
    assert listed("sort=failed") == ["返品は？", "送料はいくらですか？"]
    assert listed("state=withdrawn") == []
    assert listed("page=99&sort=nonsense&state=x") == ["送料はいくらですか？", "返品は？"]


def upload(client: FlaskClient, content: bytes):  # type: ignore[no-untyped-def]
    token = re.search(r'name="csrf_token" value="([^"]+)"', get(client, "/console/faq/import").text)
    assert token
    return client.post(
        "/console/faq/import",
        base_url=BASE,
        headers={"Referer": f"{BASE}/console/faq/import"},
        data={"csrf_token": token[1], "file": (io.BytesIO(content), "faq.csv")},
    )


def test_a_file_is_checked_before_it_is_taken_in(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    written()
    content = "質問,回答\n送料はいくらですか？,600円です。\n返品は？,できます。\n,だけ\n".encode("cp932")
    uploaded = upload(owner, content)
    page = get(owner, uploaded.headers["Location"]).text
    assert "<strong>4行目</strong> 質問が空です。" in page
    assert "<del>550円です。</del>" in page
    assert FaqEntry.select().count() == 1, "nothing is written yet"
    path = uploaded.headers["Location"]
    done = post(owner, path, page=path)
    assert "追加 1件・変更 1件・同じ 0件" in get(owner, done.headers["Location"]).text
    assert {each.answer for each in FaqEntry.select()} == {"600円です。", "できます。"}
    assert FaqUpload.select().count() == 0
    assert entries.versions(FaqEntry.get(FaqEntry.question == "返品は？").id)[0].changed_by_id is not None


def test_no_file_and_a_large_one_are_refused(sign_in: SignIn) -> None:
    owner = sign_in("owner")
    assert upload(owner, b"").status_code == 422
    assert upload(owner, b"x" * 1_000_001).status_code == 422


def test_staff_export_and_only_the_owner_imports(staff: FlaskClient) -> None:
    written(answer="=1+1")
    exported = get(staff, "/console/faq/export")
    assert exported.data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in exported.text
    assert "attachment" in exported.headers["Content-Disposition"]
    assert get(staff, "/console/faq/import").status_code == 403
    assert "CSVを取り込む" not in get(staff, "/console/faq").text


def test_a_reply_in_a_chat_becomes_an_entry(staff: FlaskClient) -> None:
    near = written(question="駐輪場はありますか", answer="店の前です。")
    who = chats.customer("山田 花子")
    chats.wrote(who, "すみません", 9)
    chats.wrote(who, "お店に駐車場はありますか？", 8)
    chats.wrote(who, "車で行きたいです", 7)
    ticket = chats.ticket(who, minutes_ago=7)
    chats.said(who, [text("山田さま、店の裏に3台分ございます。090-1234-5678へどうぞ。")], 5, by=1)
    chat = get(staff, f"/console/tickets/{ticket.id}").text
    link = re.search(r'class="learn" href="([^"]+)"', chat)
    assert link
    page = get(staff, link[1].replace("&amp;", "&")).text
    assert 'value="お店に駐車場はありますか？"' in page
    assert "車で行きたいです</textarea>" in page
    assert "店の裏に3台分ございます。" in page
    assert "山田、090-1234-5678" in page, "what is about one customer alone is pointed out"
    assert "すみません" not in page
    assert "駐輪場はありますか" in page, "the nearest entry is offered"
    send(staff, f"/{near}/paraphrases", "/new", phrase="お店に駐車場はありますか？")
    assert FaqEntry.get_by_id(near).paraphrase_list == ["お店に駐車場はありますか？"]


def test_only_a_reply_of_staff_is_learnt_from(staff: FlaskClient) -> None:
    who = chats.customer("山田 花子")
    chats.wrote(who, "駐車場は？", 8)
    ticket = chats.ticket(who)
    for line in ("", "x", "1.0.1"):
        assert get(staff, f"/console/faq/new?ticket={ticket.id}&line={line}").status_code == 404
    assert get(staff, "/console/faq/new?ticket=99&line=1.0.1").status_code == 404


def test_what_is_missing_is_counted_by_customers_written_and_gone(staff: FlaskClient) -> None:
    for number, words in enumerate(
        ["駐車場はありますか", "駐車場ありますか？", "お店の駐車場はどこ", "ぬるぽ"]
    ):
        asked(words, f"U{number}")
    asked("駐車場はありますか", "U0")
    page = get(staff, "/console/faq/missing").text
    assert "<strong>3</strong> 人" in page
    assert page.index("駐車場はありますか") < page.index("ぬるぽ")
    link = re.search(r'href="(/console/faq/new\?missing=\d+)"', page)
    assert link
    form = get(staff, link[1]).text
    paraphrases = re.search(r'name="paraphrases"[^>]*>([^<]*)<', form)
    question = re.search(r'name="question"[^>]* value="([^"]*)"', form)
    assert paraphrases
    assert question
    send(
        staff,
        "",
        "/new",
        question=question[1],
        paraphrases=paraphrases[1].replace("&#13;", ""),
        answer="裏に3台分です。",
    )
    assert "を加えました" in get(staff, "/console/faq").text
    page = get(staff, "/console/faq/missing").text
    assert "駐車場" not in page
    aside = re.search(r'action="(/console/faq/missing/\d+/aside)"', page)
    assert aside
    post(staff, aside[1], page="/console/faq/missing")
    assert "いま、書き足すものはありません" in get(staff, "/console/faq/missing").text
    assert FaqAsked.select().where(FaqAsked.set_aside_at.is_null(False)).count() == 1


def test_other_entries_are_searched_for_beside_the_chat(staff: FlaskClient) -> None:
    written(question="返品はできますか", answer="7日以内にどうぞ。")
    who = chats.customer("山田 花子")
    chats.wrote(who, "こんにちは", 8)
    ticket = chats.ticket(who)
    page = get(staff, f"/console/tickets/{ticket.id}?faq=返品の期限").text
    assert 'data-insert="7日以内にどうぞ。"' in page
    assert "見つかりませんでした。" in get(staff, f"/console/tickets/{ticket.id}?faq=xyz").text
