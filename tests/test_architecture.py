"""The architecture: who may import whom, where each library may be used, and what a file may be.

A failure reads as a sentence that names the file and the rule; docs/architecture.md gives the reasons.
"""

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.project_files import ROOT, project_files

FLOORS = (
    {"bot", "serving"},
    {"customers"},
    {"surveys", "rewards", "support", "journeys"},
    {"handlers", "console", "demo"},
    {"commands", "set_up"},
    {"app", "worker", "clock", "manage"},
)
FLOOR_OF = {package: number for number, packages in enumerate(FLOORS) for package in packages}
ENTRY_POINTS = FLOORS[-1]
OUTSIDE = {"tests", "benchmarks", "script"}  # not part of the product

# Where each library may be imported. A path that ends in / is a whole folder.
PAGES = (
    "app.py",
    "bot/web/proxy_notice.py",
    "bot/web/rate_limits.py",
    "bot/web/webhook.py",
    "bot/web/health.py",
    "console/",
    "demo/",
    "customers/api/orders.py",
    "customers/api/auth.py",
    "customers/privacy/page.py",
    "customers/api/links.py",
    "customers/api/shipments.py",
    "customers/shopify/webhook.py",
    "set_up/serving.py",
    "journeys/links/page.py",
    "rewards/pages/home.py",
    "rewards/pages/login.py",
    "rewards/pages/public.py",
    "rewards/coupons/api.py",
    "support/replies/page.py",
    "surveys/testimonials/page.py",
)
WALLS = {
    "flask": PAGES,
    "flask_babel": PAGES,
    "flask_limiter": PAGES,
    "flask_login": PAGES,
    "flask_wtf": PAGES,
    "werkzeug": PAGES,
    "linebot": ("bot/line/client.py",),
    "uvicorn": ("serving/",),
}
NOT_NEEDED = {  # by the process: each would cost it megabytes for as long as it runs
    "app": {"linebot", "rich", "schedule"},
    "worker": {"flask", "werkzeug", "PIL", "qrcode", "rich", "schedule"},
    "clock": {"flask", "werkzeug", "PIL", "qrcode", "linebot", "urllib3", "asyncio", "rich"},
}
READS_ENVIRONMENT = ("bot/config/settings.py", "bot/text/two_languages.py", "demo/")
READS_CLOCK = ("bot/localtime.py", "demo/")
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime"},
}
EMPTY_OPENINGS = {"Decides", "Knows", "Handles", "Manages", "Contains"}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "services", "managers", "misc"}
LONGEST_FILE = 320


@dataclass(frozen=True)
class Module:
    """One Python file: its path, its package (the top folder, or the file itself), its syntax tree and length."""

    path: Path
    tree: ast.Module
    line_count: int

    @property
    def package(self) -> str:
        return self.path.parts[0].removesuffix(".py")

    @property
    def pure(self) -> bool:
        """Whether the module docstring calls the file pure."""
        return re.search(r"\bpure\b", ast.get_docstring(self.tree) or "", re.IGNORECASE) is not None

    @cached_property
    def imported(self) -> tuple[tuple[str, str], ...]:
        """Each (module, name) it imports, wherever in the file; name is empty for a plain import."""
        return tuple(self._imported())

    def _imported(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                package = self.path.parent.parts[: len(self.path.parent.parts) + 1 - node.level]
                base = ".".join([*(package if node.level else ()), *([node.module] if node.module else [])])
                yield from ((base, alias.name) for alias in node.names)

    @property
    def own_imports(self) -> set[Path]:
        """The project's own files it imports."""
        found = {_file(f"{base}.{name}") or _file(base) for base, name in self.imported}
        return {path for path in found if path is not None and path != self.path}

    @property
    def libraries(self) -> set[str]:
        """The top names of what it imports from outside the project."""
        return {base.split(".")[0] for base, _ in self.imported if _file(base) is None and not _folder(base)}


@cache
def _file(dotted: str) -> Path | None:
    path = Path(*dotted.strip(".").split("."))
    return next(
        (each for each in (path.with_suffix(".py"), path / "__init__.py") if (ROOT / each).is_file()), None
    )


@cache
def _folder(dotted: str) -> bool:
    return (ROOT / Path(*dotted.split("."))).is_dir()


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the project."""
    texts = {path: (ROOT / path).read_text("utf-8") for path in project_files() if path.suffix == ".py"}
    return tuple(Module(path, ast.parse(text, str(path)), text.count("\n")) for path, text in texts.items())


def product_modules() -> Iterator[Module]:
    """The files of the product, without tests, benchmarks and scripts."""
    return (module for module in modules() if module.package not in OUTSIDE)


def inside(path: Path, places: tuple[str, ...]) -> bool:
    """Whether the path is one of these files or in one of these folders."""
    return any(
        str(path) == place or (place.endswith("/") and str(path).startswith(place)) for place in places
    )


def assert_none(faults: Iterator[str] | list[str]) -> None:
    """Fail with one sentence a line."""
    if found := sorted(set(faults)):
        pytest.fail("\n".join(found), pytrace=False)


def test_every_package_has_a_floor() -> None:
    assert_none(
        f"{module.path}: {module.package!r} is not in the list of packages; give it a floor in {Path(__file__).name}."
        for module in product_modules()
        if module.package not in FLOOR_OF
    )


def test_imports_only_go_down() -> None:
    assert_none(
        f"{module.path} imports {target}: {module.package} may only import itself and the floors below."
        for module in product_modules()
        for target in module.own_imports
        if (package := target.parts[0].removesuffix(".py")) != module.package
        and FLOOR_OF.get(package, len(FLOORS)) >= FLOOR_OF.get(module.package, 0)
    )


def test_nobody_imports_an_entry_point() -> None:
    assert_none(
        f"{module.path} imports {target}: entry points are started, not imported."
        for module in modules()
        for target in module.own_imports
        if module.package not in {"tests", "benchmarks"} and str(target).removesuffix(".py") in ENTRY_POINTS
    )


LISTED_IN = {  # what registers something, by its folder and what it defines: the one place that lists all of them
    ("handlers", "routes"): "handlers/__init__.py",
    ("console", "register"): "console/web.py",
}


def test_whatever_registers_something_is_listed() -> None:
    by_path = {str(module.path): module for module in modules()}
    assert_none(
        f"{module.path} defines `{name}`, and nothing calls for it: add it to the list in {list_file}."
        for module in product_modules()
        for (folder, name), list_file in LISTED_IN.items()
        if module.package == folder and name in _defined(module.tree)
        if module.path not in by_path[list_file].own_imports
    )


def _defined(tree: ast.Module) -> set[str]:
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    targets = [node.targets[0] for node in tree.body if isinstance(node, ast.Assign)]
    return names | {target.id for target in targets if isinstance(target, ast.Name)}


def test_nothing_is_imported_for_its_side_effect() -> None:
    assert_none(
        f"{path}: an import that nothing uses; call what it should do instead."
        for path in project_files()
        if path.suffix == ".py" and "noqa: " + "F401" in (ROOT / path).read_text("utf-8")
    )


def test_no_circles_between_files() -> None:
    assert_none(
        _circle({str(module.path): {str(path) for path in module.own_imports} for module in modules()})
    )


def test_no_circles_between_folders() -> None:
    """Each folder by itself: a package and one inside it do not import each other, either."""
    graph: dict[str, set[str]] = defaultdict(set)
    for module in product_modules():
        here = module.path.parent
        for there in {path.parent for path in module.own_imports} - {here, Path()}:
            graph[str(here)].add(str(there))
    assert_none(_circle(graph))


def _circle(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return ["A circle of imports: " + " is imported by ".join(error.args[1]) + "."]
    return []


MAY_PUSH_INDIVIDUALLY = {Path("handlers/tickets.py"), Path("handlers/after_event.py")}
"""Staff's replies and the end of a ticket; planned messages of `INDIVIDUAL_KINDS`."""
KNOW_THE_SECOND_ACCOUNT = {
    *(Path("bot/queue") / name for name in ("outbox.py", "support_friends.py")),
    *(Path(path) for path in ("bot/line/channels.py", "bot/web/webhook.py", "bot/worker/sender.py")),
    *(Path(path) for path in ("bot/worker/send_records.py", "bot/worker/fetcher.py")),
    Path("journeys/sending/release.py"),
    Path("console/journeys/messages_page.py"),
}
"""The only files that name `SUPPORT`, so that none of campaigns, flows or surveys can address it."""


def test_only_staffs_own_messages_can_leave_by_the_second_account() -> None:
    callers, naming = set(), set()
    for module in product_modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr == "push_individually":
                callers.add(module.path)
            if _name(node) == "SUPPORT":
                naming.add(module.path)
    assert callers == MAY_PUSH_INDIVIDUALLY
    assert naming <= KNOW_THE_SECOND_ACCOUNT


def test_pure_files_rest_on_the_standard_library_alone() -> None:
    pure = {module.path: module for module in product_modules() if module.pure}
    assert_none(
        f"{path} calls itself pure and imports {name}."
        for path, module in pure.items()
        for name in (module.libraries - sys.stdlib_module_names)
        | {str(own) for own in module.own_imports if own not in pure}
    )


def test_rule_tests_need_no_database_and_no_network() -> None:
    outer_world = {"peewee", "playhouse", "flask", "linebot", "urllib3"}
    by_path = {module.path: module for module in modules()}
    assert_none(
        f"{module.path} reaches {library} through {path}: what it tests is storage and not a rule."
        for module in modules()
        if module.path.is_relative_to("tests/rules")
        for path in _reached(module, by_path)
        for library in by_path[path].libraries & outer_world
    )


def _reached(module: Module, by_path: dict[Path, Module]) -> set[Path]:
    reached: set[Path] = set()
    ahead = module.own_imports
    while ahead:
        reached |= ahead
        ahead = {path for each in ahead for path in by_path[each].own_imports} - reached
    return reached


def test_libraries_are_imported_only_where_listed() -> None:
    assert_none(
        f"{module.path} imports {library}, which belongs in {', '.join(WALLS[library]) or 'no file'} alone."
        for module in product_modules()
        for library in module.libraries & WALLS.keys()
        if not inside(module.path, WALLS[library])
    )


@pytest.mark.parametrize("process", NOT_NEEDED)
def test_a_process_loads_no_library_that_it_does_not_need(process: str) -> None:
    asked = [sys.executable, "-c", f"import {process}, sys; print(*sys.modules)"]
    loaded = set(subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    assert_none(f"{process}.py loads {library} as it starts." for library in NOT_NEEDED[process] & loaded)


@pytest.mark.parametrize("process", ["app", "worker", "clock"])
def test_every_process_takes_the_whole_shop_file(process: str) -> None:
    code = f"import tomllib, {process}; from bot.config import shop; shop.use(tomllib.load(open('shop.toml', 'rb')))"
    taken = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert taken.returncode == 0, (
        f"{process}.py does not know every part of shop.toml, so a shop that sets it could not start: add its "
        f"class to UNREAD_SECTIONS in handlers/__init__.py.\n{taken.stderr[-600:]}"
    )


def test_only_settings_read_the_environment() -> None:
    assert_none(
        f"{module.path}:{node.lineno} reads the environment: that is bot/config/settings.py's."
        for module in product_modules()
        if not inside(module.path, READS_ENVIRONMENT)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute | ast.Name | ast.alias)
        and _name(node) in {"environ", "environb", "getenv", "getenvb"}
    )


def test_only_localtime_reads_the_clock() -> None:
    assert_none(
        f"{module.path}:{line} reads the clock: ask bot/localtime.py, so that tests and the demo can move the time."
        for module in product_modules()
        if not inside(module.path, READS_CLOCK)
        for line in _clock_readings(module.tree)
    )


def _clock_readings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS.get(_name(node.value), ()):
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for alias in node.names if alias.name in CLOCKS["time"])


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
    return ""


def test_files_are_short_and_open_with_a_docstring() -> None:
    for module in modules():
        if module.package != "tests" and module.line_count > LONGEST_FILE:
            assert_none(
                [
                    f"{module.path} has {module.line_count} lines: past {LONGEST_FILE} it wants to be two files."
                ]
            )
        if module.tree.body and not ast.get_docstring(module.tree):
            assert_none([f"{module.path} does not open with a docstring that says what it is for."])


def test_docstrings_say_what_a_module_does() -> None:
    """ "Decides …" at the head of most files said nothing of any of them."""
    assert_none(
        f"{module.path} opens with {opening!r}: say what it does, in the words of somebody who looks for it."
        for module in modules()
        for opening in [(ast.get_docstring(module.tree) or "").partition(" ")[0]]
        if opening in EMPTY_OPENINGS
    )


MOST_FILES, LARGER_PACKAGES = 20, {"handlers", "demo/line", "bot/migrations"}
"""`handlers/` is the list of what can happen, and `demo/line/` mirrors LINE's API; migrations only grow."""


def test_packages_stay_small() -> None:
    counts = Counter(
        str(module.path.parent) for module in product_modules() if module.path.name != "__init__.py"
    )
    assert_none(
        f"{folder}/ has {count} files: past {MOST_FILES} a reader wants it divided by subject."
        for folder, count in counts.items()
        if count > MOST_FILES and folder not in LARGER_PACKAGES
    )


def test_settings_and_sentences_are_where_a_reader_expects_them() -> None:
    assert_none(
        f"{module.path}: {node.name} is a part of shop.toml; move it to a file whose name ends in {ending}.py."
        for module in product_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and any("shop.section(" in ast.unparse(one) for one in node.decorator_list)
        for ending in ["words" if any(_name(base) == "Words" for base in node.bases) else "settings"]
        if not module.path.stem.endswith(ending)
    )


def test_no_package_has_an_empty_name() -> None:
    assert_none(
        f"{path}: a name such as {part!r} says nothing of what is inside."
        for path in project_files()
        for part in path.with_suffix("").parts
        if part in EMPTY_NAMES
    )
