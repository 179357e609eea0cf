"""The channel's rich menus: LINE's checks of a menu, and which menu a person sees."""

import io
import secrets
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from demo.line.limits_actions import rich_menu_action
from demo.line.refusals import Refusal, bad_shape, not_found
from demo.line.shapes import flag, list_of, shape, text, whole

IMAGE_BYTES = 1024 * 1024
LEAST_RATIO = 1.45

_size = shape({"width": whole(800, 2500), "height": whole(250, 2500)})
_bounds = shape({"x": whole(0, 2500), "y": whole(0, 2500), "width": whole(1, 2500), "height": whole(1, 2500)})
_menu = shape(
    {
        "size": _size,
        "selected": flag,
        "name": text(300),
        "chatBarText": text(14),
        "areas": list_of(shape({"bounds": _bounds, "action": rich_menu_action}), 0, 20),
    }
)


@dataclass
class RichMenu:
    """A rich menu: its design and, once uploaded, its picture."""

    id: str
    design: dict[str, Any]
    image: bytes | None = None
    image_type: str = ""

    def described(self) -> dict[str, Any]:
        return {"richMenuId": self.id, **self.design}


def check(design: object) -> dict[str, Any]:
    """The menu's design if LINE would accept it. Raises Refusal."""
    found = list(_menu(design, ""))
    if found or not isinstance(design, dict):
        raise bad_shape([type(one)(one.message, one.property.lstrip(".")) for one in found])
    size = design["size"]
    if size["width"] / size["height"] < LEAST_RATIO:
        raise Refusal(400, "invalid aspect ratio. required: width / height >= 1.45")
    for area in design["areas"]:
        bounds = area["bounds"]
        if bounds["x"] + bounds["width"] > size["width"] or bounds["y"] + bounds["height"] > size["height"]:
            raise Refusal(400, "The bounds of an area are outside of the rich menu")
    return design


class RichMenus:
    """The channel's rich menus, and the default one."""

    def __init__(self) -> None:
        self._menus: dict[str, RichMenu] = {}
        self.default_id: str | None = None

    def create(self, design: object) -> str:
        menu = RichMenu(f"richmenu-{secrets.token_hex(16)}", check(design))
        self._menus[menu.id] = menu
        return menu.id

    def find(self, menu_id: str | None) -> RichMenu | None:
        return self._menus.get(menu_id) if menu_id is not None else None

    def get(self, menu_id: str) -> RichMenu:
        menu = self._menus.get(menu_id)
        if menu is None:
            raise not_found()
        return menu

    def all(self) -> list[RichMenu]:
        return list(self._menus.values())

    def delete(self, menu_id: str) -> None:
        self.get(menu_id)
        del self._menus[menu_id]
        if self.default_id == menu_id:
            self.default_id = None

    def put_image(self, menu_id: str, image: bytes, image_type: str) -> None:
        menu = self.get(menu_id)
        if menu.image is not None:
            raise Refusal(400, "An image has already been uploaded to the richmenu")
        if image_type not in ("image/jpeg", "image/png"):
            raise Refusal(415, "Unsupported media type")
        if len(image) > IMAGE_BYTES:
            raise Refusal(413, "Request entity too large")
        try:
            with Image.open(io.BytesIO(image), formats=("PNG", "JPEG")) as picture:
                width, height = picture.size
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
            raise Refusal(400, "The image could not be read") from error
        if (width, height) != (menu.design["size"]["width"], menu.design["size"]["height"]):
            raise Refusal(400, "The image size is different from the size of the rich menu")
        menu.image, menu.image_type = image, image_type

    def with_image(self, menu_id: str) -> RichMenu:
        """The menu of that id, if it has a picture. Raises Refusal."""
        menu = self.get(menu_id)
        if menu.image is None:
            raise Refusal(400, "must upload richmenu image before applying it to user")
        return menu

    def seen_by(self, linked_id: str | None) -> RichMenu | None:
        """The person's own menu, else the default one; None when neither exists any more."""
        return self.find(linked_id) or self.find(self.default_id)
