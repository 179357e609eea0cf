"""Reads a flow from a TOML file. Whatever is wrong is named at once, each with line, key, reason and an example.

`flow_text.py` writes such files, `definition.py` says what one may hold, `file_errors.py` words the errors.
"""

import tomllib
from collections import Counter
from typing import Any

from pydantic import ValidationError

from journeys.flows import file_errors, toml_lines
from journeys.flows.definition import FlowDefinition
from journeys.flows.fault import Fault
from journeys.flows.field_types import END
from journeys.flows.file_errors import FileFault

MOST_FAULTS = 50
"""So many are named; a file with more is no flow, and an answer of megabytes helps nobody."""


class FlowFileError(Exception):
    """The file is no flow. The text names every fault, in Japanese and English."""

    def __init__(self, faults: list[FileFault]) -> None:
        super().__init__("\n".join(f"{fault.ja}\n  {fault.en}" for fault in faults))
        self.faults = tuple(faults)


def read(text: str) -> FlowDefinition:
    """The flow in that text. Raises FlowFileError with all that is wrong."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        content = tomllib.loads(text)
        lines = toml_lines.lines_of(text)
        return FlowDefinition.model_validate(content)
    except tomllib.TOMLDecodeError as error:
        raise FlowFileError([file_errors.of_broken_toml(text, str(error))]) from None
    except ValidationError as invalid:
        raise FlowFileError(_faults(invalid, content, lines)) from None
    except RecursionError:
        raise FlowFileError([file_errors.of_deep_nesting(text)]) from None
    except ValueError:  # of int(), which reads no number of more than 4300 digits
        raise FlowFileError([file_errors.of_long_number(text)]) from None


def text_of(content: bytes) -> str:
    """A file's text. Raises FlowFileError when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FlowFileError([file_errors.of_foreign_encoding(line)]) from None


def line_of(text: str, flow: FlowDefinition, fault: Fault) -> int | None:
    """The line of the file, whose flow that is, at which the check found the fault; None for what has no line."""
    step = next((place for place, each in enumerate(flow.step) if each.key == fault.step_key), None)
    path: toml_lines.Path = (fault.field,) if step is None else ("step", step, fault.field)
    if step is not None and fault.variant is not None:
        keys = [each.key for each in flow.step[step].variant]
        path = ("step", step, "variant", keys.index(fault.variant), fault.field)
    lines = toml_lines.lines_of(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return toml_lines.nearest(lines, path)


def _faults(
    invalid: ValidationError, content: dict[str, Any], lines: dict[toml_lines.Path, int]
) -> list[FileFault]:
    """What is wrong with a file that is TOML, in the order of its lines."""
    repeated, wrong = _repeated_keys(content), _one_by_one(invalid, content.get("entry"))
    faults = [
        file_errors.of_duplicate_key(key, content, lines, place) for key, place in repeated[:MOST_FAULTS]
    ]
    shown = [each for each in wrong if not (faults and each["loc"] == ())]
    left_out = len(repeated) + len(shown) - MOST_FAULTS
    faults += [file_errors.of(error, content, lines) for error in shown[: MOST_FAULTS - len(faults)]]
    faults.sort(key=lambda fault: fault.line or 0)
    return [*faults, file_errors.of_more(left_out)] if left_out > 0 else faults


def _repeated_keys(content: dict[str, Any]) -> list[tuple[str, int]]:
    """The keys that a step above has already, with the place of the step."""
    steps = content.get("step")
    steps = steps if isinstance(steps, list) else []
    keys = [step.get("key") if isinstance(step, dict) else None for step in steps]
    seen: Counter[Any] = Counter()
    found: list[tuple[str, int]] = []
    for place, key in enumerate(keys):
        if isinstance(key, str) and (key in seen or key == END):
            found.append((key, place))
        if isinstance(key, str):
            seen[key] += 1
    return found


def _one_by_one(invalid: ValidationError, given_entry: Any) -> list[Any]:
    """Pydantic's errors; of an entry policy, which is a word or a table, only those of the kind that was written.
    A list whose elements are wrong counts as empty to pydantic, and not here."""
    found: dict[Any, Any] = {}
    is_again = isinstance(given_entry, dict) and "again_after_days" in given_entry
    for error in invalid.errors(include_url=False):
        if error["type"] == "too_short" and error["input"]:
            continue
        path = error["loc"]
        if path[:1] == ("entry",):
            if is_again != ("Again" in path):
                continue  # what the other kind of value says of it
            path = ("entry", *path[2:]) if "Again" in path else ("entry",)
        found.setdefault(path, {**error, "loc": path})
    return list(found.values())
