"""Asserts that LINE would accept messages: by LINE's official OpenAPI file where present, and by
demo.line.limits.

The official file is the independent check: it shares nothing with `bot/line/message_limits.py`, from which
product and demo have their figures. Where that file is absent, tests/demo/test_limits.py checks them by
figures of its own.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError

from demo.line.limits import problems

OFFICIAL = Path(__file__).resolve().parents[2] / "shared" / "line" / "openapi" / "messaging-api.yml"
Schema = dict[str, Any]


def assert_valid(messages: list[dict[str, Any]]) -> None:
    """Fail with every reason why LINE would refuse these messages in one call."""
    found = [f"{one.property}: {one.message}" for one in problems(messages)]
    if OFFICIAL.exists():
        found += official_problems(messages)
    assert not found, "LINE would refuse this:\n" + "\n".join(found)


def official_problems(messages: list[dict[str, Any]]) -> list[str]:
    """What LINE's OpenAPI file says against these messages."""
    return official_body_problems("ValidateMessageRequest", {"messages": messages})


def official_body_problems(schema: str, body: dict[str, Any]) -> list[str]:
    """What LINE's OpenAPI file says against the body of a call, by the name of its schema."""
    errors = _validator(OFFICIAL.name, schema).iter_errors(body)
    return [f"official: {_where(error)}: {error.message[:200]}" for error in map(_deepest, errors)]


def official_event_problems(body: dict[str, Any]) -> list[str]:
    """What LINE's OpenAPI file says against a webhook body."""
    errors = _validator("webhook.yml", "CallbackRequest").iter_errors(body)
    return [f"official: {_where(error)}: {error.message[:200]}" for error in map(_deepest, errors)]


def _deepest(error: ValidationError) -> ValidationError:
    while error.context:
        error = max(error.context, key=lambda one: len(one.absolute_path))
    return error


def _where(error: ValidationError) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)


@cache
def _validator(file: str, root_name: str) -> Draft202012Validator:
    text = OFFICIAL.with_name(file).read_text("utf-8")
    schemas: dict[str, Schema] = yaml.safe_load(text)["components"]["schemas"]
    definitions = {name: _closed(name, schemas) for name in schemas}
    root = {"$ref": f"#/$defs/{root_name}", "$defs": definitions}
    return Draft202012Validator(root)


def _closed(name: str, schemas: dict[str, Schema]) -> Schema:
    """The schema as JSON Schema that refuses unknown properties.

    A base with a discriminator becomes a choice by `type`; schemas that extend a base inherit its properties.
    """
    schema = schemas[name]
    if "discriminator" in schema:
        return _choice(schema["discriminator"])
    properties: dict[str, Any] = {}
    required: list[str] = []
    for part in [*schema.get("allOf", []), schema]:
        source = schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
        if "discriminator" in source:
            properties["type"] = _own_types(name, source["discriminator"])
            required.append("type")
        properties = {**source.get("properties", {}), **properties}
        required += source.get("required", [])
    if not properties:
        plain: Schema = _referring(schema)
        return plain
    return {
        "type": "object",
        "properties": {key: _referring(value) for key, value in properties.items()},
        "required": sorted(set(required)),
        "additionalProperties": False,
    }


def _choice(discriminator: Schema) -> Schema:
    kinds = discriminator["mapping"]
    branches = [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"$ref": _local(reference)}}
        for kind, reference in kinds.items()
    ]
    known = {"properties": {"type": {"enum": list(kinds)}}, "required": ["type"]}
    return {"type": "object", **known, "allOf": branches}


def _own_types(name: str, discriminator: Schema) -> Schema:
    mapping = discriminator["mapping"].items()
    return {"enum": [kind for kind, reference in mapping if reference.rpartition("/")[2] == name]}


def _referring(value: Any) -> Any:
    """The same schema with references into `$defs`."""
    if isinstance(value, list):
        return [_referring(item) for item in value]
    if isinstance(value, dict):
        return {
            key: _local(part) if key == "$ref" else _referring(part)
            for key, part in value.items()
            if key not in ("externalDocs", "description", "example", "discriminator")
        }
    return value


def _local(reference: str) -> str:
    return f"#/$defs/{reference.rpartition('/')[2]}"


MOST_BYTES = {"image": 10 << 20, "video": 200 << 20}
MOST_PREVIEW_BYTES = 1 << 20
PICTURES = {"image/jpeg", "image/png"}


def assert_fetchable(message: dict[str, Any], get: Callable[..., Any]) -> None:
    """Fetch what a picture or video message links to, as LINE and the customer's phone do, and check LINE's limits.

    `get(address, **headers)` answers as werkzeug's test client does. LINE's limits:
    https://developers.line.biz/en/reference/messaging-api/#image-message
    """
    kind = message.get("type")
    if kind not in ("image", "video"):
        return
    for name in ("originalContentUrl", "previewImageUrl"):
        address = message[name]
        assert address.startswith("https://"), address
        assert len(address) <= 2000, address
        answer = get(address)
        most = MOST_BYTES[kind] if name == "originalContentUrl" else MOST_PREVIEW_BYTES
        assert answer.status_code == 200, (address, answer.status_code)
        assert len(answer.data) <= most, (address, len(answer.data))
        types = {"video/mp4"} if kind == "video" and name == "originalContentUrl" else PICTURES
        assert answer.mimetype in types, (address, answer.mimetype)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if kind == "video":
        part = get(message["originalContentUrl"], Range="bytes=0-9")
        assert (part.status_code, len(part.data)) == (206, 10), "players ask for parts of a video"
