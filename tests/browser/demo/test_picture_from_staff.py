"""Staff answer with a picture on a phone whose keyboard is up; the customer's phone shows it."""

import re

from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from demo.setup import Stage
from tests.browser.visitor import PATIENCE_MS, a_new_friend, hears, say
from tests.console.pictures import broken_lid

KEYBOARD_UP: ViewportSize = {"width": 390, "height": 460}


def test_staff_answer_with_a_picture_while_the_keyboard_is_up(
    phone: Page, stage: Stage, browser: Browser
) -> None:
    chat = a_new_friend(phone, "写真 まつ子")
    say(phone, "スタッフと話す")
    hears(chat, "スタッフにお")
    context = browser.new_context(
        viewport=KEYBOARD_UP, has_touch=True, is_mobile=True, locale="ja-JP", timezone_id="Asia/Tokyo"
    )
    desk = context.new_page()
    faults: list[str] = []
    desk.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    desk.on("pageerror", lambda error: faults.append(str(error)))
    desk.set_default_timeout(PATIENCE_MS)
    desk.goto(f"{stage.bot_url}/console/demo-sign-in/staff?next=/console/tickets")
    desk.get_by_role("link", name=re.compile("写真 まつ子")).click()
    box = desk.get_by_label("返信", exact=True)
    box.focus()
    expect(desk.locator("#chat .line").last).to_be_in_viewport()
    lid: FilePayload = {"name": "蓋.jpg", "mimeType": "image/jpeg", "buffer": broken_lid()}
    desk.set_input_files("#attach-files", lid)
    expect(desk.get_by_role("img", name="蓋.jpg")).to_be_in_viewport()
    box.fill("新しいものをお送りします。")
    expect(box).to_be_in_viewport(ratio=1)
    expect(desk.locator("#chat .line").last).to_be_in_viewport()
    expect(desk.get_by_role("button", name="送信", exact=True)).to_be_in_viewport(ratio=1)
    assert desk.evaluate("document.documentElement.scrollWidth") <= KEYBOARD_UP["width"]
    desk.get_by_role("button", name="送信", exact=True).click()
    expect(desk.locator("#attachments li")).to_have_count(0)
    hears(chat, "新しいものをお送りします。")
    picture = chat.locator(".theirs img:not(.avatar)").last
    expect(picture).to_be_visible(timeout=PATIENCE_MS)
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 100, "the phone fetched it"
    ours = desk.locator("#chat").get_by_role("img", name="スタッフが送った写真")
    expect(ours).to_be_in_viewport(timeout=PATIENCE_MS)
    assert ours.evaluate("image => image.naturalWidth") > 100
    assert faults == []
    context.close()
