"""Rich menus: created, given a picture, linked to all or to one, refused where LINE refuses."""

import io
from typing import Any

import pytest
from PIL import Image

from demo.phone.client import Handset
from demo.phone.platform import Platform
from tests.demo.conftest import TOKEN, Shop

AREA = {
    "bounds": {"x": 0, "y": 0, "width": 400, "height": 270},
    "action": {"type": "message", "text": "ポイント"},
}
MENU: dict[str, Any] = {
    "size": {"width": 800, "height": 270},
    "selected": True,
    "name": "いつもの",
    "chatBarText": "メニュー",
    "areas": [AREA],
}


def picture(width: int = 800, height: int = 270) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "#eaf4ee").save(made, "PNG")
    return made.getvalue()


def upload(shop: Shop, menu_id: str, image: bytes, kind: str = "image/png") -> int:
    return shop.http.request(
        "POST",
        f"{shop.base}/v2/bot/richmenu/{menu_id}/content",
        body=image,
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": kind},
    ).status


def create(shop: Shop) -> str:
    return str(shop.call("POST", "/v2/bot/richmenu", MENU).json()["richMenuId"])


@pytest.fixture
def hana(platform: Platform) -> Handset:
    phone = platform.handset("花")
    phone.follow()
    return phone


def test_a_menu_needs_its_picture_before_it_shows(platform: Platform, shop: Shop, hana: Handset) -> None:
    menu = create(shop)
    assert shop.call("POST", f"/v2/bot/user/all/richmenu/{menu}").status == 400
    assert upload(shop, menu, picture(800, 300)) == 400
    assert upload(shop, menu, b"no picture") == 400
    assert upload(shop, menu, picture(), "image/gif") == 415
    assert upload(shop, menu, picture()) == 200
    assert upload(shop, menu, picture()) == 400
    assert shop.call("POST", f"/v2/bot/user/all/richmenu/{menu}").status == 200
    assert shop.call("GET", "/v2/bot/user/all/richmenu").json() == {"richMenuId": menu}
    assert list(hana.buttons()) == ["ポイント"]
    listed = shop.call("GET", "/v2/bot/richmenu/list").json()["richmenus"]
    assert listed == [{"richMenuId": menu, **MENU}]


def test_ones_own_menu_comes_before_the_default(platform: Platform, shop: Shop, hana: Handset) -> None:
    common, own = create(shop), create(shop)
    for menu in common, own:
        upload(shop, menu, picture())
    shop.call("POST", f"/v2/bot/user/all/richmenu/{common}")
    body = {"richMenuId": own, "userIds": [hana.user_id]}
    assert shop.call("POST", "/v2/bot/richmenu/bulk/link", body).status == 202

    def seen() -> str | None:
        menu = platform.channel.rich_menu_of(hana.person)
        return menu.id if menu else None

    assert seen() == own
    assert shop.call("DELETE", f"/v2/bot/user/{hana.user_id}/richmenu").status == 200
    assert seen() == common
    hana.block()
    assert shop.call("POST", f"/v2/bot/user/{hana.user_id}/richmenu/{own}").status == 200
    assert seen() is None
    hana.follow()
    assert seen() == common
    assert shop.call("DELETE", f"/v2/bot/richmenu/{common}").status == 200
    assert seen() is None


@pytest.mark.parametrize(
    "change",
    [
        {"size": {"width": 800, "height": 600}},
        {"size": {"width": 700, "height": 270}},
        {"chatBarText": "あ" * 15},
        {"areas": [AREA] * 21},
        {"areas": [AREA | {"bounds": {"x": 500, "y": 0, "width": 400, "height": 270}}]},
        {"selected": "yes"},
        {"colour": "red"},
    ],
)
def test_refused_menus(shop: Shop, change: dict[str, Any]) -> None:
    assert shop.call("POST", "/v2/bot/richmenu/validate", MENU).status == 200
    assert shop.call("POST", "/v2/bot/richmenu", MENU | change).status == 400
