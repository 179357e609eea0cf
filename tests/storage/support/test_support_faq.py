"""The FAQ in the database: filled once, imported again without doubling, with correct counts."""

from collections.abc import Iterator
from pathlib import Path

import peewee
import pytest

from bot import conversations
from bot.db import database
from support.faq import entries as faq_entries
from support.faq import file, importing, messages, questions_asked
from support.faq.search import FaqVerdict
from tests.line_limits import assert_valid


@pytest.fixture(autouse=True)
def transaction(any_database: peewee.Database) -> Iterator[None]:
    with database.write_transaction():
        yield


def write(path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(["質問,言い換え,回答,タグ", *rows]).encode(encoding))
    return path


def imports(path: Path) -> tuple[int, int, int, tuple[file.BadRow, ...]]:
    """Import the file: how many entries were added, changed and the same, and the rows left out."""
    planned = importing.plan(path.read_bytes())
    importing.carry_out(planned)
    kinds = (importing.ADDED, importing.CHANGED, importing.SAME)
    added, changed, same = (planned.count(kind) for kind in kinds)
    return added, changed, same, planned.bad_rows


def test_an_empty_table_is_seeded_once() -> None:
    assert faq_entries.seed_if_empty() >= 40
    assert faq_entries.seed_if_empty() == 0


def test_a_seeded_stock_answers() -> None:
    faq_entries.seed_if_empty()
    decision = faq_entries.search("定期便を解約したい")
    assert decision.verdict is FaqVerdict.ANSWER_OUTRIGHT
    assert faq_entries.entries(decision.entry_ids)[0].question == "定期便を解約したいです"


def test_the_whole_seeded_stock_can_be_shown() -> None:
    faq_entries.seed_if_empty()
    assert_valid(messages.topics(faq_entries.by_tag()))
    for tag, entries in faq_entries.by_tag().items():
        assert_valid([messages.topic_page(tag, entries)])
        for entry in entries:
            assert_valid(messages.answer(entry, asked_id=1))


def test_the_shop_is_called_by_its_name() -> None:
    entry_id, _ = faq_entries.save("どこで買えますか", "{shop}の通販ページです。{shop}でどうぞ")
    entry = faq_entries.entry(entry_id)
    assert entry and entry.spoken_answer == "ひだまり堂の通販ページです。ひだまり堂でどうぞ"


def test_the_search_sees_a_change_at_once() -> None:
    entry_id, _ = faq_entries.save("送料はいくらですか", "五百円です")
    assert faq_entries.search("送料はいくらですか").entry_ids == (entry_id,)
    other, _ = faq_entries.save("領収書はもらえますか", "はい", ["インボイスがほしい"], ["お支払い"])
    assert faq_entries.search("インボイスがほしい").entry_ids == (other,)
    faq_entries.withdraw(other)
    assert faq_entries.search("インボイスがほしい").verdict is FaqVerdict.NOTHING_FITS
    assert faq_entries.entry(other) is None


def test_a_withdrawn_question_comes_back_when_written_again() -> None:
    entry_id, _ = faq_entries.save("送料は", "五百円です")
    assert faq_entries.withdraw(entry_id)
    assert not faq_entries.withdraw(entry_id)
    assert faq_entries.save("送料は", "無料です") == (entry_id, False)
    entry = faq_entries.entry(entry_id)
    assert entry and entry.answer == "無料です"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_is_imported_and_again_changes_nothing(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "faq.csv", "送料は,配送料は|送料かかる,五百円です,配送、お金", encoding=encoding)
    assert imports(path) == (1, 0, 0, ())
    assert imports(path) == (0, 0, 1, ())
    write(path, "送料は,,無料です,配送")
    assert imports(path) == (0, 1, 0, ())
    assert [(row.question, row.paraphrases, row.answer, row.tags) for row in importing.rows()] == [
        ("送料は", (), "無料です", ("配送",))
    ]


def test_good_rows_are_stored_and_bad_ones_reported(tmp_path: Path) -> None:
    path = write(
        tmp_path / "faq.csv", "送料は,,五百円です,", ",,回答だけ,", "質問だけ,,,", "送料は,,また,", ",,,"
    )
    added_count, _, _, bad_rows = imports(path)
    assert added_count == 1
    assert bad_rows == (
        file.BadRow(3, "質問が空です。"),
        file.BadRow(4, "回答が空です。"),
        file.BadRow(5, "同じ質問が2行目にあります。"),
    )


def test_what_helped_is_counted_once() -> None:
    entry_id, _ = faq_entries.save("送料は", "五百円です")
    mine, other = conversations.ensure("U1"), conversations.ensure("U2")
    first = questions_asked.record_answered(mine, entry_id, "送料いくら")
    second = questions_asked.record_answered(mine, entry_id)
    questions_asked.record_answered(other, entry_id)
    questions_asked.record_unanswered(other, "駐車場はありますか")
    assert questions_asked.settle(first, mine, solved=True)
    assert not questions_asked.settle(first, mine, solved=False)  # a second tap on an old button
    assert not questions_asked.settle(second, other, solved=True)  # somebody else's button
    assert not questions_asked.settle(None, mine, solved=True)
    assert questions_asked.settle(second, mine, solved=False)
    assert questions_asked.figures(faq_entries.entries([entry_id])[0]) == questions_asked.Figures(
        asked_count=3, solved_count=1, unsolved_count=1, failed_count=1
    )


def test_entries_keep_the_order_asked_for_and_leave_out_what_is_gone() -> None:
    ids = [faq_entries.save(f"質問{number}", "答え", tags=[f"棚{number % 2}"])[0] for number in range(4)]
    faq_entries.withdraw(ids[1])
    assert [each.id for each in faq_entries.entries([ids[3], ids[1], ids[0], 999])] == [ids[3], ids[0]]
    assert {tag: [each.id for each in found] for tag, found in faq_entries.by_tag().items()} == {
        "棚0": [ids[0], ids[2]],
        "棚1": [ids[3]],
    }
