"""script/dev: which changed files restart the product, and how its logs are shown in one terminal."""

from pathlib import Path

import pytest
from watchfiles import Change

from script.environment import ROOT
from script.reloading import Product, new_lines, places


@pytest.mark.parametrize(
    ("name", "is_seen"),
    [
        ("console/shell/translation.py", True),
        ("console/templates/console/base.html", True),
        ("console/translations/en/LC_MESSAGES/messages.mo", True),
        ("shop.toml", True),
        ("console/__pycache__/words.cpython-311.pyc", False),
        ("console/static/console.css", False),  # loaded again by each page
        ("console/words.py.swp", False),
    ],
)
def test_what_the_processes_read_as_they_start_is_watched(name: str, is_seen: bool) -> None:
    assert Product()(Change.modified, str(ROOT / name)) is is_seen


def test_the_products_folders_are_watched_and_no_others() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in places()}
    assert {"bot", "console", "handlers", "app.py", "shop.toml"} <= names
    assert not {"tests", "script", "benchmarks", "docs", "var", ".venv"} & names


def test_each_line_is_shown_once_with_the_process_that_wrote_it(tmp_path: Path) -> None:
    logs = {name: tmp_path / f"{name}.log" for name in ("web", "worker")}
    read: dict[str, int] = {}
    logs["web"].write_text("one\ntwo ", "utf-8")
    assert list(new_lines(logs, read)) == ["web     | one"], "a line is shown when it is whole"
    with logs["web"].open("a") as log:
        log.write("三\n")
    logs["worker"].write_text("four\n")
    assert list(new_lines(logs, read)) == ["web     | two 三", "worker  | four"]
    assert list(new_lines(logs, read)) == []
