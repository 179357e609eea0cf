"""Checks the shop's settings (the owner's file `shop.toml`), and gives each domain its section.

Each domain declares its section as a frozen model; this file knows none of them by name. What the owner changed
in the console is laid over the file by `bot/shop_versions.py`.
"""

import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from bot.config import shop_faults, shop_toml, toml_values
from bot.config.shop_faults import Fault as Fault
from bot.config.shop_faults import ShopFileError as ShopFileError
from bot.config.shop_faults import Unfit as Unfit
from bot.config.toml_values import Parts
from bot.text.two_languages import both


class Section(BaseModel):
    """Base of the sections of shop.toml. Every field has a default, so that an empty file is valid."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Section):
    """A section of sentences to customers, with {placeholders} that the shop may use or leave out."""

    @field_validator("*")
    @classmethod
    def _only_known_placeholders(cls, text: Any, info: ValidationInfo) -> Any:
        known = placeholders(str(cls.model_fields[str(info.field_name)].default))
        if unknown := sorted(placeholders(str(text)) - known):
            listed = "、".join(f"{{{each}}}" for each in sorted(known))
            raise Unfit(
                f"unknown placeholder {{{unknown[0]}}}; this text knows {listed or 'none'}",
                f"{{{unknown[0]}}} は使えません。"
                + (f"この文で使えるのは {listed} です" if listed else "この文に { } で入るものはありません"),
            )
        return text


T = TypeVar("T", bound=Section)
_tables: dict[str, dict[int, type[Section]]] = {}
"""The models of each table of the file, by their place in it."""
Sections = dict[type[Section], Section]
_sections: Sections = {}
"""In force. Replaced as a whole, so that no reader sees half of a change."""
_of_this_work: ContextVar[Sections | None] = ContextVar("_of_this_work", default=None)
"""The sections that the event, request or job in progress began with."""
Check = Callable[[], list[Fault]]
_checks: list[tuple[tuple[type[Section], ...], Check]] = []


def section(name: str, place: int = 0) -> Callable[[type[T]], type[T]]:
    """Declare that the model describes the table `[name]` of shop.toml.

    Where several subjects share a table, each declares a model with its own keys, and `place` is their order
    in the file; the docstring of the first becomes the comment above the table. Raises ValueError where two
    claim one place or one key.
    """

    def declare(model: type[T]) -> type[T]:
        parts = _tables.setdefault(name, {})
        if place in parts and parts[place].__qualname__ != model.__qualname__:
            raise ValueError(f"two models claim place {place} of [{name}] of shop.toml")
        others = {key for other, part in parts.items() if other != place for key in part.model_fields}
        if twice := sorted(others & model.model_fields.keys()):
            raise ValueError(f"two models claim {twice[0]} in [{name}] of shop.toml")
        parts[place] = model
        return model

    return declare


def check_together(*models: type[Section]) -> Callable[[Check], Check]:
    """Declare a check of several sections together; it returns the faults, none when they fit."""

    def declare(check: Check) -> Check:
        _checks.append((models, check))
        return check

    return declare


def fault(table: str, key: str, english: str, japanese: str) -> Fault:
    """A fault of a key that a check of several sections found. `english` completes "key in [table] …"."""
    return Fault(table, key, f"shop.toml: {key} in [{table}] {english}", english, japanese)


def assert_declared(models: Iterable[type[Section]]) -> None:
    """Raise KeyError when one of the models describes no table of the file."""
    for model in models:
        _name_of(model)


def get(model: type[T]) -> T:
    """The shop's values of that section; defaults for what the file leaves out."""
    chosen = _of_this_work.get()
    sections = _sections if chosen is None else chosen
    if model not in sections:
        _name_of(model)
        sections[model] = model()
    return cast(T, sections[model])


@contextmanager
def unchanged() -> Iterator[None]:
    """Keep the settings as they are for one piece of work (an event, a request, a job), whatever another thread
    puts in force meanwhile. A change by this work itself is seen by it."""
    with considered(_sections):
        yield


@contextmanager
def considered(sections: Sections) -> Iterator[None]:
    """Have this work read sections that are not in force, such as those of a change that is checked or shown."""
    token = _of_this_work.set(sections)
    try:
        yield
    finally:
        _of_this_work.reset(token)


def load(path: Path) -> None:
    """Read and check the whole file. Raises ShopFileError; a missing file means the defaults."""
    use(shop_toml.read(path))


def use(content: dict[str, Any]) -> None:
    """Check `content` (the parsed file) and put it in force. Raises ShopFileError, and then changes nothing."""
    put_in_force(checked(parts_of(content)))


def put_in_force(sections: Sections) -> None:
    """Make sections that were `checked` those of this process."""
    global _sections
    _sections = sections
    if _of_this_work.get() is not None:
        _of_this_work.set(sections)


def parts_of(content: dict[str, Any]) -> Parts:
    """The parsed file by table and key. Raises ShopFileError for a key outside every table."""
    return dict(_parts(content))


def checked(parts: Mapping[str, Mapping[str, Any]]) -> Sections:
    """The sections with these values and defaults for the rest. Raises ShopFileError with all faults."""
    sections: Sections = {}
    faults: list[Fault] = []
    for name, values in parts.items():
        if name in _tables:
            found, wrong = _checked(name, values)
            sections |= found
            faults += wrong
        else:
            faults.append(shop_faults.of_table(name, _tables))
    if not faults:
        known = {model for parts_of_table in _tables.values() for model in parts_of_table.values()}
        with considered(dict(sections)):
            faults = [each for models, check in _checks if known >= set(models) for each in check()]
    if faults:
        raise ShopFileError(faults)
    return sections


def models() -> dict[str, list[type[Section]]]:
    """The models of each table, in the order of the file."""
    return {name: _models_of(name) for name in sorted(_tables)}


class ShopDraft:
    """Sections of a shop.toml that is being considered and is not in force. What it leaves out is as in
    force."""

    def __init__(self, sections: dict[type[Section], Section]) -> None:
        self._sections = sections

    def names(self, model: type[Section]) -> bool:
        """Whether the draft has that section."""
        return model in self._sections

    def get(self, model: type[T]) -> T:
        """That section with the draft's changes."""
        return cast(T, self._sections.get(model, get(model)))


def draft(text: str) -> ShopDraft:
    """Parse and check a text in the format of shop.toml, without putting it in force. Raises ShopFileError."""
    sections: Sections = {}
    faults: list[Fault] = []
    for name, values in parts_of(shop_toml.parsed(text)).items():
        if name not in _tables:
            raise ShopFileError([shop_faults.of_table(name, _tables)])
        in_force = {
            key: value for model in _models_of(name) for key, value in get(model).model_dump().items()
        }
        found, wrong = _checked(name, in_force | values)
        sections |= found
        faults += wrong
    if faults:
        raise ShopFileError(faults)
    return ShopDraft(sections)


def as_written(*models: type[Section]) -> str:
    """These sections as they are in force, with what each key means, ready to be edited."""
    return "\n\n".join("\n".join(_lines(_name_of(model), get(model))) for model in models) + "\n"


def differing(model: type[Section], values: dict[str, Any]) -> str:
    """Those of these values that differ from the ones in force, as lines of the file below the table's name."""
    part = get(model)
    lines = [
        f"{key} = {toml_values.value_of(value)}"
        for key, value in values.items()
        if value != getattr(part, key)
    ]
    return "\n".join([f"[{_name_of(model)}]", *lines]) + "\n"


def placeholders(text: str) -> set[str]:
    """The names in braces in a sentence. Raises ValueError for a single brace."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise Unfit(
            f"a brace stands alone in {text!r}; write {{{{ or }}}} for a brace itself",
            "かっこ { } がそろっていません。かっこそのものを書くときは {{ や }} と重ねてください",
        ) from error


def as_toml() -> str:
    """The whole file with its defaults and what each key means, as it ships with the product."""
    lines = [
        "# Goen: what the shop's owner tunes. Every key is optional; what is not set keeps the value shown.",
        "# ご縁の設定ファイルです。書かなかった項目は、ここにある値のままになります。",
    ]
    for name in sorted(_tables):
        lines += ["", *_lines(name, *(model() for model in _models_of(name)))]
    return "\n".join(lines) + "\n"


def as_written_whole() -> str:
    """The whole file as it is in force, with what each key means."""
    lines = ["# お店の設定です。書かなかった項目は、取り込んだときにいまの値のままになります。"]
    for name in sorted(_tables):
        lines += ["", *_lines(name, *(get(model) for model in _models_of(name)))]
    return "\n".join(lines) + "\n"


def _lines(name: str, *parts: Section) -> list[str]:
    lines = [*(f"# {line}" for line in (parts[0].__doc__ or "").strip().splitlines()), f"[{name}]"]
    for part in parts:
        for key, field in type(part).model_fields.items():
            lines += [f"# {field.description}", f"{key} = {toml_values.value_of(getattr(part, key))}"]
    return lines


def _parts(content: dict[str, Any], prefix: str = "") -> list[tuple[str, dict[str, Any]]]:
    """The tables [a] and [a.b] of the file as ("a", …) and ("a.b", …), by the names the domains declared."""
    found: list[tuple[str, dict[str, Any]]] = []
    for name, value in content.items():
        whole = prefix + name
        if not isinstance(value, dict):
            raise ShopFileError(
                both(
                    "shop.toml: {key} stands outside every [table]. Put it below one, as in [survey].",
                    "shop.toml: {key} が、どの [見出し] の下にもありません。[survey] のような行の下に書いてください。",
                    key=whole,
                )
            )
        own = {key: each for key, each in value.items() if not _is_subsection(whole, key)}
        if whole in _tables or own:
            found.append((whole, own))
        nested = {key: each for key, each in value.items() if _is_subsection(whole, key)}
        found += _parts(nested, f"{whole}.")
    return found


def _is_subsection(whole: str, key: str) -> bool:
    inner = f"{whole}.{key}"
    return any(name == inner or name.startswith(f"{inner}.") for name in _tables)


def _checked(name: str, values: Mapping[str, Any]) -> tuple[Sections, list[Fault]]:
    """The table's models with these values, and the faults; an unknown key is given to the first model, which
    refuses it."""
    models_here = _models_of(name)
    by_key = {key: model for model in models_here for key in model.model_fields}
    sections: Sections = {}
    faults: list[Fault] = []
    for model in models_here:
        own = {key: value for key, value in values.items() if by_key.get(key, models_here[0]) is model}
        try:
            sections[model] = model.model_validate(own)
        except ValidationError as invalid:
            faults += [shop_faults.of_key(name, by_key, error, model()) for error in invalid.errors()]
    return sections, faults


def _models_of(name: str) -> list[type[Section]]:
    return [model for _, model in sorted(_tables[name].items())]


def _name_of(model: type[Section]) -> str:
    for name in _tables:
        if model in _models_of(name):
            return name
    raise KeyError(f"{model.__name__} is not declared with @shop.section")
