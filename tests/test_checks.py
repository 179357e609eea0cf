"""How script/test judges a run by what happened in it."""

from collections import Counter
from pathlib import Path

import pytest

from script import checks, results
from script.results import Counts, Result

REPORT = """<?xml version="1.0"?><testsuites><testsuite>
  <testcase name="goes well"/>
  <testcase name="goes wrong"><failure message="2 != 3"/></testcase>
  <testcase name="cannot be set up"><error message="no such table"/></testcase>
  <testcase name="cannot run"><skipped message="no browser"/></testcase>
</testsuite></testsuites>"""


def result(state: str, passed: int = 0, failed: int = 0, skips: Counter[str] | None = None) -> Result:
    return Result("storage", state, "on both databases", counts=Counts(passed, failed, skips or Counter()))


def test_a_report_is_counted_by_what_became_of_each_test(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    assert results.read_report(tmp_path / "report.xml") == Counts(1, 2, Counter({"no browser": 1}))


def test_no_report_is_no_test(tmp_path: Path) -> None:
    assert results.read_report(tmp_path / "none.xml") == Counts()


@pytest.mark.parametrize(
    ("happened", "in_ci", "exit_code"),
    [
        ([result("passed", passed=3)], True, 0),
        ([result("passed", passed=3), result("failed", failed=1)], False, 1),
        ([Result("style", "failed", "ruff"), result("passed", passed=3)], False, 1),
        ([result("passed", passed=3), result("incomplete", skips=Counter({"no browser": 2}))], False, 0),
        ([result("passed", passed=3), result("incomplete", skips=Counter({"no browser": 2}))], True, 1),
        ([result("nothing")], False, 1),
        ([Result("style", "passed", "ruff")], True, 0),
    ],
)
def test_what_a_run_is_worth(
    happened: list[Result], in_ci: bool, exit_code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "IN_CI", in_ci)
    assert checks.verdict(happened) == exit_code


def test_the_last_line_counts_all_tests(capsys: pytest.CaptureFixture[str]) -> None:
    checks.verdict(
        [result("passed", passed=3), result("failed", passed=1, failed=2, skips=Counter({"x": 4}))]
    )
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 2 failed, 4 skipped"


def test_only_the_absence_of_what_lies_beside_the_checkout_excuses_a_skip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = Counts(skips=Counter({f"{results.OFFICIAL_FILES}/openapi is not here": 1, "no browser": 1}))
    (tmp_path / "checkout").mkdir()
    monkeypatch.setattr(results, "ROOT", tmp_path / "checkout")
    assert counts.missing() == ["no browser"]
    (tmp_path / "shared" / "line").mkdir(parents=True)
    assert len(counts.missing()) == 2


def test_what_is_not_beside_the_checkout_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "ROOT", tmp_path / "checkout")
    skips = Counter({results.NOT_BESIDE: 2, "no browser": 1})
    said = results.table(
        [result("passed", passed=3, skips=skips), result("passed", passed=1, skips=skips)], 1.0
    )
    assert said.count(results.BESIDE) == 1
    assert f"did not run: 4 × {results.NOT_BESIDE}" in said
    assert said.count("did not run: 1 × no browser") == 2


def test_a_folder_of_tests_that_nobody_listed_is_run_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tests" / "novel" / "deeper").mkdir(parents=True)
    (tmp_path / "tests" / "novel" / "deeper" / "test_it.py").touch()
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    assert "novel" in [part.name for part in checks.parts()]


@pytest.mark.parametrize(
    ("paths", "needs"),
    [
        (["tests/rules/bot/test_shop_file.py"], set()),
        (["tests/storage/bot/test_inbox.py::test_a_thing"], {"postgres"}),
        (["tests/rules", "tests/browser/"], {"browser"}),
        (["tests"], {"postgres", "browser"}),
    ],
)
def test_a_path_gets_what_the_part_around_it_needs(paths: list[str], needs: set[str]) -> None:
    part = checks.part_of(*paths)
    assert part.paths == tuple(paths)
    assert set(part.needs) == needs


def test_a_path_that_is_not_there_is_named_with_an_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["script/test", "tests/rules/test_nothing.py"])
    assert checks.main() == 2
    said = capsys.readouterr().err
    assert "'tests/rules/test_nothing.py'" in said and "tests/rules/bot/test_shop_file.py" in said
