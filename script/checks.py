"""Runs the checks of `script/test` in their order, and says what the result is worth.

Two parts run at a time, so that one computes while the other waits for processes or a browser. What each says is
printed when it has ended. What could not run is named, and in CI (CI=true) it counts as a failure. How a test
gets its database or browser is left to tests/conftest.py, the coverage report to coverage_report.py.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from script import browser, coverage_report, environment, postgres
from script.environment import ROOT
from script.results import Counts, Result, closing_line, read_report, table

IN_CI = os.environ.get("CI", "").lower() in {"true", "1"}
NOTHING_COLLECTED = 5  # pytest's exit code
SECONDS_FOR_ONE_PART = 1_200
AT_ONCE = 2  # parts; a part alone leaves a third of two cores idle


@dataclass(frozen=True)
class Part:
    """One part of the run: commands, or a folder of tests."""

    name: str
    what: str
    commands: tuple[tuple[str, ...], ...] = ()
    folder: str = ""
    paths: tuple[str, ...] = ()  # of it, what was named at the terminal; all of it when empty
    needs: frozenset[str] = field(default_factory=frozenset)
    processes: int = 0  # 0: in pytest's own process, which is quicker where tests are


STYLE = Part("style", "ruff check, ruff format", (("ruff", "check", "."), ("ruff", "format", "--check", ".")))
TYPES = Part("types", "mypy --strict", (("mypy", "--strict", "."),))
DATABASE, BROWSER = frozenset({"postgres"}), frozenset({"browser"})
TESTS = (  # those that wait a lot come before those that compute, which fill two cores by themselves
    Part("browser", "phone and console in a browser", folder="tests/browser", needs=BROWSER, processes=2),
    Part("architecture", "who imports whom, what the project says of itself", folder="tests", processes=2),
    Part("unit", "rules over plain values", folder="tests/rules", processes=2),
    Part("faults", "crashes, refusals, bad input", folder="tests/faults", needs=DATABASE, processes=2),
    Part("conversations", "customer says, bot answers", folder="tests/conversations", processes=2),
    Part("storage", "on SQLite and PostgreSQL", folder="tests/storage", needs=DATABASE, processes=2),
    Part("console", "staff's and owner's pages", folder="tests/console", processes=2),
    Part("demo", "LINE in miniature", folder="tests/demo", processes=2),
    Part("robustness", "strange and hostile input", folder="tests/robustness", needs=DATABASE, processes=2),
)


FORMER_NAMES = {"doors": "robustness"}
"""Parts by the names that they had."""


def parts() -> list[Part]:
    """All parts in their order. A folder of tests nobody listed is a part too, so that none is forgotten."""
    listed = {part.folder for part in TESTS}
    found = sorted({path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")})
    tops = sorted({"/".join(folder.split("/")[:2]) for folder in found} - listed)
    others = [Part(folder.removeprefix("tests/"), "more tests", folder=folder) for folder in tops]
    return [STYLE, TYPES, *TESTS, *others]


def part_of(*paths: str) -> Part:
    """The tests of files, folders or `file::test`, in one run, with what they need."""
    places = [path.partition("::")[0].rstrip("/") + "/" for path in paths]
    touched = [
        part
        for part in TESTS
        for place in places
        if place.startswith(f"{part.folder}/") or f"{part.folder}/".startswith(place)
    ]
    needs = frozenset(need for part in touched for need in part.needs)
    return Part("named", " ".join(paths), folder="tests", paths=paths, needs=needs)


class Run:
    """One call of script/test: what was started for the tests, and the environment they get."""

    def __init__(self, extra: list[str], stack: ExitStack, *, covered: bool = False) -> None:
        self.extra = extra
        self.stack = stack
        self.covered = covered
        self.environ = environment.surroundings() | (coverage_report.environ() if covered else {})
        # Else each of the hundred processes of the tests would compile the product again.
        self.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        self.running: set[subprocess.Popen[bytes]] = set()

    def do_all(self, parts: list[Part]) -> list[Result]:
        """Run the parts; returns how each went."""
        for need in sorted({need for part in parts for need in part.needs}):
            self._provide(need)
        if len(parts) == 1:
            print(_heading(parts[0]), flush=True)
            return [self._run(parts[0])]
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            return list(pool.map(self._run_then_report, parts))
        except BaseException:  # Ctrl-C, SIGTERM
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(self.running):
                process.send_signal(signal.SIGINT)  # pytest then stops what it started
            raise
        finally:
            pool.shutdown()

    def _run_then_report(self, part: Part) -> Result:
        with tempfile.TemporaryFile("w+") as said:
            result = self._run(part, said)
            said.seek(0)
            print(f"{_heading(part)}\n{said.read()}", end="", flush=True)
        return result

    def _run(self, part: Part, said: TextIO | None = None) -> Result:
        begun = time.monotonic()
        result = self._test(part, said) if part.folder else self._command(part, said)
        result.seconds = time.monotonic() - begun
        return result

    def _command(self, part: Part, said: TextIO | None) -> Result:
        codes = [self._start([str(environment.PYTHON), "-m", *command], said) for command in part.commands]
        return Result(part.name, "failed" if any(codes) else "passed", part.what)

    def _test(self, part: Part, said: TextIO | None) -> Result:
        targets = part.paths or _test_files(part.folder)
        if not targets:
            print("   no tests yet", flush=True)
            return Result(part.name, "nothing", "no tests in " + part.folder)
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            spread = ["-n", str(part.processes), "--dist", "worksteal"] if part.processes else []
            pytest = [*(coverage_report.RUN if self.covered else ()), "-m", "pytest", "-q", *targets]
            command = [str(environment.PYTHON), *pytest, f"--junitxml={report}", *spread]
            code = self._start([*command, *self.extra], said)
            counts = read_report(report)
        if code not in {0, NOTHING_COLLECTED} and not counts.failed:
            counts = Counts(counts.passed, 1, counts.skips)  # pytest itself crashed
        missing = counts.missing()
        state = (
            "failed"
            if counts.failed
            else "incomplete"
            if missing
            else "passed"
            if counts.passed
            else "nothing"
        )
        return Result(part.name, state, part.what, counts=counts)

    def _start(self, command: list[str], said: TextIO | None) -> int:
        given_options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said}
        with subprocess.Popen(command, cwd=ROOT, env=self.environ, **given_options) as process:
            self.running.add(process)
            try:
                return process.wait(SECONDS_FOR_ONE_PART * (3 if self.covered else 1))
            except subprocess.TimeoutExpired:
                print(f"   stopped: it ran for more than {SECONDS_FOR_ONE_PART} s", flush=True)
                # pytest then shows where it hung, and stops what it started.
                process.send_signal(signal.SIGINT)
                try:
                    return process.wait(20) or 1
                except subprocess.TimeoutExpired:
                    process.kill()
                    return 1
            finally:
                self.running.discard(process)

    def _provide(self, need: str) -> None:
        # Tests that need what is still missing skip, and give the reason.
        if need == "browser":
            found = browser.find_or_install()
            print(f"   browser: {found or browser.MISSING}", flush=True)
            self.environ |= {"TEST_BROWSER": found} if found else {}
        elif need == "postgres":
            programs = postgres.find_or_install()
            print(f"   PostgreSQL: {programs or postgres.MISSING}", flush=True)
            if programs:
                self.environ["TEST_POSTGRES_URL"] = self.stack.enter_context(postgres.running(programs))


def main() -> int:
    """Run what was asked for; returns the exit code."""
    known = {part.name: part for part in parts()}
    arguments, extra = _split(sys.argv[1:])
    options = _parser(known).parse_args(arguments)
    options.parts = [FORMER_NAMES.get(part, part) for part in options.parts]
    try:
        wanted = [part for name, part in known.items() if name in options.parts or not options.parts]
        paths = [_existing(path, known) for path in options.parts if path not in known]
        wanted += [part_of(*paths)] if paths else []
    except FileNotFoundError as unknown:
        print(unknown, file=sys.stderr)
        return 2
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped, too
    try:
        environment.ready(environment.CHECKS)
        with ExitStack() as stack:
            run = Run(extra, stack, covered=options.coverage)
            results = run.do_all(wanted)
    except (environment.CannotSetUp, postgres.CannotStart) as lack:
        print(lack, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(table(results, time.monotonic() - begun))
    if options.coverage:
        coverage_report.write(run.environ)
    return verdict(results)


def _parser(known: dict[str, Part]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="script/test",
        description="Runs every check, or only what is named. What follows -- goes to pytest.",
        epilog="parts: " + ", ".join(f"{part.name} ({part.what})" for part in known.values()),
    )
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        help="one of the parts below, or a file, a folder or file::test below tests/; all parts when none is named",
    )
    parser.add_argument(
        "--coverage", action="store_true", help="also say which lines and branches of the product ran"
    )
    return parser


def _existing(path: str, known: dict[str, Part]) -> str:
    place = path.partition("::")[0]
    if not (ROOT / place).exists():
        raise FileNotFoundError(
            f"script/test: there is no part and no path {place!r}. Parts: {', '.join(known)}. "
            "A path looks like tests/rules/bot/test_shop_file.py"
        )
    return path


def _test_files(folder: str) -> list[str]:
    """What pytest is to collect for a part: its folder, or the files directly in tests/."""
    if folder != "tests":
        return [folder] if any((ROOT / folder).rglob("test_*.py")) else []
    return sorted(f"{folder}/{file.name}" for file in (ROOT / folder).glob("test_*.py"))


def verdict(results: list[Result]) -> int:
    """Print what the results are worth, and close with the counts; returns the exit code."""
    failed = [result.name for result in results if result.state == "failed"]
    incomplete = [result.name for result in results if result.state == "incomplete"]
    tested = [result for result in results if result.counts is not None]
    none_ran = bool(tested) and not any(
        result.counts.passed + result.counts.failed for result in tested if result.counts
    )
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    if incomplete:
        print(
            f"Could not run wholly: {', '.join(incomplete)}." + (" In CI that is a failure." if IN_CI else "")
        )
    if none_ran:
        print("No test ran at all, which is a failure.")
    print(closing_line(results), flush=True)
    return int(bool(failed or none_ran or (IN_CI and incomplete)))


def _heading(part: Part) -> str:
    return f"\n── {part.name}: {part.what}"


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


if __name__ == "__main__":
    sys.exit(main())
