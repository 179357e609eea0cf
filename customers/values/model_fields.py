"""Finds the fields that a part of a request may have, for the error that names an unknown one. It asks no database."""

from typing import Any, get_args

from pydantic import BaseModel


def fields_at(model: type[BaseModel], place: tuple[int | str, ...]) -> tuple[str, ...]:
    """The fields of the model, or of the one within it at that place; none where that holds no object."""
    for part in place:
        if isinstance(part, str):
            inner = _models_in(model.model_fields[part].annotation)
            if not inner:
                return ()
            model = inner[0]
    return tuple(model.model_fields)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
