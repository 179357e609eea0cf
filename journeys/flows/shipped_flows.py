"""The flows that come with the product, ready to be switched on: the files in `shipped/`."""

from functools import cache
from pathlib import Path

from journeys.flows import flow_file
from journeys.flows.definition import FlowDefinition

FOLDER = Path(__file__).parent / "shipped"


@cache
def all_of_them() -> dict[str, FlowDefinition]:
    """Every shipped flow by its key."""
    flows = (flow_file.read(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml")))
    return {flow.key: flow for flow in flows}


def text_of(name: str) -> str | None:
    """The file of that name (`large-shop`) as it ships; None when there is none."""
    path = next((each for each in FOLDER.glob("*.toml") if each.stem == name), None)
    return path.read_text("utf-8") if path else None


def names() -> list[str]:
    """The names of the files, as `flows import shipped:NAME` takes them."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))
