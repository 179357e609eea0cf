"""Reads and writes a flow as a TOML file."""

import tomllib

from journeys.flows.definition import FlowDefinition


def read(text: str) -> FlowDefinition:
    """The flow of that file."""
    return FlowDefinition.model_validate(tomllib.loads(text.removeprefix("\ufeff")))
