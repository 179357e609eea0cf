"""Reads the TOML of the shop's settings, from a file or a text."""

import tomllib
from pathlib import Path
from typing import Any

from bot.config import settings
from bot.config.shop_faults import Fault, ShopFileError
from bot.text.two_languages import both


def read(path: Path) -> dict[str, Any]:
    """The parsed file; empty when the file that ships with the product is absent. Raises ShopFileError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if path == settings.Settings.model_fields["shop_toml"].default:
            return {}
        raise ShopFileError(
            both(
                "SHOP_TOML names {path}, which is not there.",
                "SHOP_TOML にある {path} が見つかりません。場所を直すか、SHOP_TOML を消してください。",
                path=path,
            )
        ) from None
    except OSError as error:
        raise ShopFileError(
            both(
                "SHOP_TOML names {path}, which cannot be read: {why}.",
                "SHOP_TOML にある {path} を読めません（{why}）。ファイルの権限を確かめてください。",
                path=path,
                why=error.strerror,
            )
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ShopFileError(
            both(
                "{path} is not TOML (UTF-8): {error}. Example of a line: question_after_days = 14",
                "{path} をTOML（UTF-8）として読めません: {error}。正しい行の例: question_after_days = 14",
                path=path,
                error=error,
            )
        ) from None


def parsed(text: str) -> dict[str, Any]:
    """The content of a text in the format of shop.toml. Raises ShopFileError."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        said = both(
            "This is not TOML: {error}. Example of a line: review_day = 1",
            "TOMLとして読めません: {error}。正しい行の例: review_day = 1",
            error=error,
        )
        raise ShopFileError(
            [Fault("", "", said, said, f"設定ファイル（TOML）として読めません（{error}）")]
        ) from None
