"""Reads and checks the owner's file `shop.toml`, and gives each domain its section.

Each domain declares its section as a frozen model; this file knows none of them by name.
"""

import string
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from bot.config import refusals, settings, shop_faults
from bot.text.two_languages import Sentence, together


class ShopFileError(Exception):
    """shop.toml cannot be used. The text names the key and shows a valid example."""


class Section(BaseModel):
    """Base of the sections of shop.toml. Every field has a default, so that an empty file is valid."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Section):
    """A section of sentences to customers, with {placeholders} that the shop may use or leave out."""

    @model_validator(mode="after")
    def _only_known_placeholders(self) -> "Words":
        for name, field in type(self).model_fields.items():
            unknown = placeholders(getattr(self, name)) - placeholders(str(field.default))
            if unknown:
                known = placeholders(str(field.default))
                raise ValueError(shop_faults.unknown_placeholder(name, sorted(unknown)[0], known))
        return self


T = TypeVar("T", bound=Section)
_tables: dict[str, dict[int, type[Section]]] = {}
"""The models of each table of the file, by their place in it."""
_sections: dict[type[Section], Section] = {}
_checks: list[tuple[tuple[type[Section], ...], Callable[[], list[str]]]] = []


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


def check_together(*models: type[Section]) -> Callable[[Callable[[], list[str]]], Callable[[], list[str]]]:
    """Declare a check of several sections together; it returns the faults as sentences, none when they fit."""

    def declare(check: Callable[[], list[str]]) -> Callable[[], list[str]]:
        _checks.append((models, check))
        return check

    return declare


def assert_declared(models: Iterable[type[Section]]) -> None:
    """Raise KeyError when one of the models describes no table of the file."""
    for model in models:
        _name_of(model)


def get(model: type[T]) -> T:
    """The shop's values of that section; defaults for what the file leaves out."""
    if model not in _sections:
        _name_of(model)
        _sections[model] = model()
    return cast(T, _sections[model])


def load(path: Path) -> None:
    """Read and check the whole file. Raises ShopFileError; a missing file means the defaults."""
    use(_read(path))


def use(content: dict[str, Any]) -> None:
    """Check `content` (the parsed file) and put it in force. Raises ShopFileError, and then changes nothing."""
    parts = _known_parts(content)
    fresh: dict[type[Section], Section] = {}
    for name, values in parts.items():  # the others keep their defaults
        fresh |= _checked(name, values)
    before = dict(_sections)
    _sections.clear()
    _sections.update(fresh)
    known = {model for parts_of_table in _tables.values() for model in parts_of_table.values()}
    if faults := [each for models, check in _checks if known >= set(models) for each in check()]:
        _sections.clear()
        _sections.update(before)
        raise ShopFileError(together(faults))


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
    try:
        content = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ShopFileError(shop_faults.not_toml(None, error)) from None
    sections: dict[type[Section], Section] = {}
    for name, values in _known_parts(content).items():
        in_force = {
            key: value for model in _models_of(name) for key, value in get(model).model_dump().items()
        }
        sections |= _checked(name, in_force | values)
    return ShopDraft(sections)


def as_written(*models: type[Section]) -> str:
    """These sections as they are in force, with what each key means, ready to be edited."""
    return "\n\n".join("\n".join(_lines(_name_of(model), get(model))) for model in models) + "\n"


def differing(model: type[Section], values: dict[str, Any]) -> str:
    """Those of these values that differ from the ones in force, as lines of the file below the table's name."""
    part = get(model)
    lines = [f"{key} = {_toml_value(value)}" for key, value in values.items() if value != getattr(part, key)]
    return "\n".join([f"[{_name_of(model)}]", *lines]) + "\n"


def placeholders(text: str) -> set[str]:
    """The names in braces in a sentence. Raises ValueError for a single brace."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError(shop_faults.single_brace(text)) from error


def as_toml() -> str:
    """The whole file with its defaults and what each key means, as it ships with the product."""
    lines = [
        "# Goen: what the shop's owner tunes. Every key is optional; what is not set keeps the value shown.",
        "# ご縁の設定ファイルです。書かなかった項目は、ここにある値のままになります。",
    ]
    for name in sorted(_tables):
        lines += ["", *_lines(name, *(model() for model in _models_of(name)))]
    return "\n".join(lines) + "\n"


def _lines(name: str, *parts: Section) -> list[str]:
    lines = [*(f"# {line}" for line in (parts[0].__doc__ or "").strip().splitlines()), f"[{name}]"]
    for part in parts:
        for key, field in type(part).model_fields.items():
            lines += [f"# {field.description}", f"{key} = {_toml_value(getattr(part, key))}"]
    return lines


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if path == settings.Settings.model_fields["shop_toml"].default:
            return {}
        raise ShopFileError(shop_faults.not_there(path)) from None
    except OSError as error:
        raise ShopFileError(shop_faults.unreadable(path, error)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ShopFileError(shop_faults.not_toml(path, error)) from None


def _known_parts(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    parts = dict(_parts(content))
    unknown = sorted(set(parts) - set(_tables))
    if unknown:
        raise ShopFileError(shop_faults.unknown_table(unknown[0], _tables))
    return parts


def _parts(content: dict[str, Any], prefix: str = "") -> list[tuple[str, dict[str, Any]]]:
    """The tables [a] and [a.b] of the file as ("a", …) and ("a.b", …), by the names the domains declared."""
    found: list[tuple[str, dict[str, Any]]] = []
    for name, value in content.items():
        whole = prefix + name
        if not isinstance(value, dict):
            raise ShopFileError(shop_faults.outside_tables(whole))
        own = {key: each for key, each in value.items() if not _is_subsection(whole, key)}
        if whole in _tables or own:
            found.append((whole, own))
        nested = {key: each for key, each in value.items() if _is_subsection(whole, key)}
        found += _parts(nested, f"{whole}.")
    return found


def _is_subsection(whole: str, key: str) -> bool:
    inner = f"{whole}.{key}"
    return any(name == inner or name.startswith(f"{inner}.") for name in _tables)


def _checked(name: str, values: dict[str, Any]) -> dict[type[Section], Section]:
    """The table's models with these values; an unknown key is given to the first model, which refuses it."""
    models = _models_of(name)
    by_key = {key: model for model in models for key in model.model_fields}
    sections: dict[type[Section], Section] = {}
    faults: list[str] = []
    for model in models:
        own = {key: value for key, value in values.items() if by_key.get(key, models[0]) is model}
        try:
            sections[model] = model.model_validate(own)
        except ValidationError as invalid:
            faults += [_sentence(name, model, by_key, error) for error in invalid.errors()]
    if faults:
        raise ShopFileError(together(faults))
    return sections


def _sentence(name: str, model: type[Section], known: Iterable[str], error: Any) -> Sentence:
    if not error["loc"]:
        return shop_faults.of_table(name, refusals.reason(error))
    key = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return shop_faults.unknown_key(name, key, known)
    return shop_faults.of_value(name, key, refusals.reason(error), _toml_value(getattr(model(), key)))


def _toml_value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case list() | tuple():
            return "[" + ", ".join(_toml_value(each) for each in value) + "]"
        case dict():
            return "{" + ", ".join(f"{key} = {_toml_value(each)}" for key, each in value.items()) + "}"
        case _:
            text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return f'"{text}"'


def _models_of(name: str) -> list[type[Section]]:
    return [model for _, model in sorted(_tables[name].items())]


def _name_of(model: type[Section]) -> str:
    for name in _tables:
        if model in _models_of(name):
            return name
    raise KeyError(f"{model.__name__} is not declared with @shop.section")
