"""The file .env: what is written is read again by us, by honcho and by a shell; nobody else can read it."""

import stat
import subprocess
from pathlib import Path

import pytest
from honcho import environ as honcho
from hypothesis import given
from hypothesis import strategies as st

from bot.config import env_file, first_start

STRANGE = ["ひだまり堂", 'say "hi"', "a b  c", "back\\slash", "#no comment", "it's", "a=b==", "${HOME}"]


@pytest.mark.parametrize("value", STRANGE)
def test_what_is_written_is_read_again(tmp_path: Path, value: str) -> None:
    file = tmp_path / ".env"
    env_file.write(file, {"SHOP_NAME": value})
    assert env_file.read(file) == {"SHOP_NAME": value}


@pytest.mark.parametrize("value", ["ひだまり堂", 'say "hi"', "a b  c", "a=b==", "it's"])
def test_honcho_reads_the_same(tmp_path: Path, value: str) -> None:
    env_file.write(tmp_path / ".env", {"SHOP_NAME": value})
    assert honcho.parse((tmp_path / ".env").read_text())["SHOP_NAME"] == value


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SHOP_NAME=old\n")
    file.chmod(0o644)
    env_file.write(file, {"SECRET_KEY": "x"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [".env"]


def test_other_lines_stay(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# mine\nPORT=8080\nSHOP_NAME=old\nSET_UP_TOKEN=abc\n", "utf-8")
    env_file.write(file, {"SHOP_NAME": "new", "SET_UP_TOKEN": None, "PUBLIC_URL": "https://goen.example"})
    assert (
        file.read_text("utf-8") == '# mine\nPORT=8080\nSHOP_NAME="new"\nPUBLIC_URL="https://goen.example"\n'
    )


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Zl", "Zp", "Cc"]), min_size=1))
def test_any_text_without_line_breaks(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    file = tmp_path_factory.mktemp("env") / ".env"
    env_file.write(file, {"SHOP_NAME": value})
    assert env_file.read(file) == {"SHOP_NAME": value}


def test_a_line_break_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    with pytest.raises(ValueError, match="SHOP_NAME"):
        env_file.write(file, {"SHOP_NAME": "a\nLINE_CHANNEL_SECRET=b"})
    assert not file.exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        env_file.write(tmp_path / "nowhere" / ".env", {"SHOP_NAME": "a"})


@pytest.mark.parametrize(
    ("settings", "is_due"),
    [
        ({}, True),
        ({"PORT": "8080", "DATABASE_URL": "sqlite:///x"}, True),
        ({"SHOP_NAME": "ひだまり堂", "SECRET_KEY": "k", "LINE_CHANNEL_SECRET": ""}, True),
        ({"LINE_CHANNEL_SECRET": "s"}, False),
        ({"LINE_CHANNEL_ACCESS_TOKEN": "t"}, False),
        ({"LINE_CHANNEL_SECRET": "s", "LINE_CHANNEL_ACCESS_TOKEN": "t", "SET_UP_TOKEN": "a"}, True),
    ],
)
def test_when_set_up_is_due(settings: dict[str, str], is_due: bool) -> None:
    assert first_start.is_due(settings) is is_due


def test_the_example_file_leads_to_set_up() -> None:
    example = Path(env_file.__file__).parents[2] / ".env.example"
    assert first_start.is_due(env_file.read(example))


def test_a_shell_reads_the_same(tmp_path: Path) -> None:
    env_file.write(tmp_path / ".env", {"SHOP_NAME": "ひだまり堂 本店"})
    said = subprocess.run(
        ["sh", "-c", '. ./.env; printf %s "$SHOP_NAME"'], cwd=tmp_path, capture_output=True, check=True
    )
    assert said.stdout.decode() == "ひだまり堂 本店"
