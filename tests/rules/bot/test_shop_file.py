"""The owner's shop.toml: an empty file is valid, and a mistake is named with an example that works."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import Field

from bot.config import shop
from bot.config.shop import Section, ShopFileError, Words


class Tea(Section):
    """お茶の淹れかた"""

    minutes: int = Field(3, ge=1, le=10, description="蒸らす時間（分）")
    kinds: tuple[str, ...] = Field(("煎茶", "ほうじ茶"), description="取りあつかう茶葉")
    iced: bool = Field(False, description="冷たくして出す")


class TeaWords(Words):
    """お茶のことば"""

    ready: str = Field("{name}さん、お茶が入りました。", description="お茶ができたとき")


@pytest.fixture(autouse=True)
def _only_our_sections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shop, "_tables", {"tea": {0: Tea}, "tea.words": {0: TeaWords}})
    monkeypatch.setattr(shop, "_sections", {})
    yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop.toml"


def complaint(file: Path, content: str | bytes) -> str:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ShopFileError) as raised:
        shop.load(file)
    return str(raised.value)


def test_what_the_file_does_not_say_keeps_its_default(file: Path) -> None:
    file.write_text("[tea]\nminutes = 5\n")
    shop.load(file)
    assert shop.get(Tea) == Tea.model_validate({"minutes": 5})
    assert shop.get(TeaWords) == TeaWords.model_validate({})


def test_an_editors_byte_order_mark_does_no_harm(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf[tea]\r\nminutes = 4\r\n")
    shop.load(file)
    assert shop.get(Tea).minutes == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[teaa]\nminutes = 5", "[teaa] is not known. Did you mean tea?"),
        ("[coffee]\nminutes = 5", "[coffee] is not known. Known: tea, tea.words."),
        ("[tea]\nminuts = 5", "minuts in [tea] is not known. Did you mean minutes?"),
        ("[tea.words]\nready_ = 'x'", "ready_ in [tea.words] is not known. Did you mean ready?"),
        ("[tea]\nminutes = 'five'", "minutes in [tea] cannot be used"),
        ("[tea]\nminutes = 11", "Example: minutes = 3"),
        ("[tea]\niced = 3", "Example: iced = false"),
        ("[tea]\nkinds = 1", 'Example: kinds = ["煎茶", "ほうじ茶"]'),
        ("[tea.words]\nready = 5", "ready in [tea.words] cannot be used"),
        ("[tea.words]\nready = '{nmae}さん'", "unknown placeholder {nmae}; this text knows {name}"),
        ("[tea.words]\nready = 'お茶 { です'", "a brace stands alone"),
        ("[tea.words]\nready = '{}さん'", "unknown placeholder {}"),
        ("minutes = 5", "minutes stands outside every [table]"),
        ("[tea\nminutes = 5", "is not TOML (UTF-8)"),
        ("[tea]\nminutes = 5\nminutes = 6", "is not TOML (UTF-8)"),
        ("[tea]\nkinds = ['煎茶']".encode("cp932"), "is not TOML (UTF-8)"),
    ],
)
def test_a_mistake_is_named(file: Path, content: str | bytes, said: str) -> None:
    assert said in complaint(file, content)


def test_a_mistake_leaves_the_rules_in_force_as_they_were(file: Path) -> None:
    file.write_text("[tea]\nminutes = 5\n")
    shop.load(file)
    complaint(file, "[tea]\nminutes = 6\n[tea.words]\nready = '{nmae}'")
    assert shop.get(Tea).minutes == 5


def test_a_placeholder_may_be_dropped_and_a_brace_written_twice(file: Path) -> None:
    file.write_text("[tea.words]\nready = 'お茶 {{どうぞ}}'\n")
    shop.load(file)
    assert shop.get(TeaWords).ready.format(name="花子") == "お茶 {どうぞ}"


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ShopFileError, match="is not there"):
        shop.load(tmp_path / "absent.toml")


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(ShopFileError, match="cannot be read"):
        shop.load(tmp_path)


def test_the_written_file_reads_back_as_the_defaults(file: Path) -> None:
    file.write_text(shop.as_toml())
    shop.load(file)
    assert shop.get(Tea) == Tea.model_validate({})
    assert shop.get(TeaWords) == TeaWords.model_validate({})


def test_two_models_cannot_claim_one_table() -> None:
    with pytest.raises(ValueError, match="two models claim"):
        shop.section("tea")(TeaWords)


def test_two_subjects_share_a_table_in_the_order_of_their_places(file: Path) -> None:
    class Cups(Section):
        """A docstring that stands nowhere in the file."""

        cups: int = Field(2, ge=1, le=9, description="茶わんの数")

    shop.section("tea", place=1)(Cups)
    assert "iced = false\n# 茶わんの数\ncups = 2\n\n# お茶のことば\n[tea.words]" in shop.as_toml()
    file.write_text("[tea]\ncups = 3\nminutes = 5\n")
    shop.load(file)
    assert (shop.get(Tea).minutes, shop.get(Cups).cups) == (5, 3)
    assert complaint(file, "[tea]\ncup = 3").endswith("Did you mean cups?")
    assert complaint(file, "[tea]\ncups = 0\nminutes = 0").count("cannot be used") == 2
    assert shop.draft("[tea]\ncups = 4\n").get(Tea).minutes == 5


def test_two_subjects_cannot_claim_one_key() -> None:
    class Again(Section):
        minutes: int = 3

    with pytest.raises(ValueError, match="two models claim minutes in"):
        shop.section("tea", place=1)(Again)


def test_all_faults_are_named_at_once(file: Path) -> None:
    said = complaint(
        file, "[coffee]\ncups = 1\n[tea]\nminutes = 11\niced = 'x'\n[tea.words]\nready = '{nmae}'\n"
    )
    assert [line.split(" cannot")[0] for line in said.splitlines()] == [
        "shop.toml: [coffee] is not known. Known: tea, tea.words.",
        "shop.toml: minutes in [tea]",
        "shop.toml: iced in [tea]",
        "shop.toml: ready in [tea.words]",
    ]


@pytest.mark.parametrize(
    ("values", "japanese"),
    [
        ({"minutes": 11}, "10以下にしてください"),
        ({"minutes": "five"}, "整数で書いてください"),
        ({"kinds": 1}, "[ ] の中に並べて書いてください"),
        ({"iced": "perhaps"}, "はい（true）か いいえ（false）にしてください"),
        ({"cups": 2}, "この項目はありません"),
    ],
)
def test_a_fault_is_said_in_japanese_too(values: dict[str, object], japanese: str) -> None:
    with pytest.raises(ShopFileError) as raised:
        shop.checked({"tea": values})
    assert [each.japanese for each in raised.value.faults] == [japanese]


def test_a_piece_of_work_sees_one_version_of_the_settings() -> None:
    shop.use({"tea": {"minutes": 5}})
    with shop.unchanged():
        other = threading.Thread(target=shop.use, args=({"tea": {"minutes": 7}},))
        other.start()
        other.join()
        assert shop.get(Tea).minutes == 5
        shop.use({"tea": {"minutes": 8}})
        assert shop.get(Tea).minutes == 8, "its own change it sees"
    assert shop.get(Tea).minutes == 8
