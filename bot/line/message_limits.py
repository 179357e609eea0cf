"""LINE's limits on messages (lengths, counts, permitted words) as plain data. Pure.

One table for all that need it: what builds messages (`messages.py`), the shop's own cards in the FAQ, and the
demo's platform, which refuses what LINE would. The tests check against LINE's own files and figures of their
own. Lengths are UTF-16 units, sizes are bytes of compact JSON.

Source: https://developers.line.biz/en/reference/messaging-api/#message-objects
"""

import re

MESSAGES_A_CALL = 5
TEXT = 5_000
ALT_TEXT = 1_500
SENDER_NAME = 20
QUICK_REPLIES = 13

LABEL = 20
FLEX_LABEL = 40
IMAGE_CAROUSEL_LABEL = 12
POSTBACK_DATA = 300
SAID_BY_A_TAP = 300
"""The text of a message action; the display text and the filled-in text of a postback."""
CLIPBOARD_TEXT = 1_000
URI = 1_000
PICTURE_URL = 2_000

BUTTONS_TEXT = 160
TITLE = 40
TEXT_BESIDE_TITLE = 60
"""Text of buttons and columns that have a title or a picture."""
BUTTONS_ACTIONS = 4
CONFIRM_TEXT = 240
CONFIRM_ACTIONS = 2
COLUMNS = 10
COLUMN_TEXT = 120
COLUMN_ACTIONS = 3

BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
"""LINE says 30 KB and 50 KB, and not which kind of KB: the smaller reading is safe in both."""
BUBBLES = 12

BLOCKS = ("header", "hero", "body", "footer")
BUBBLE_SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
LAYOUTS = ("vertical", "horizontal", "baseline")
UPRIGHT = ("box", "text", "button", "image", "separator", "filler")
"""Components that a vertical or horizontal box may hold."""
IN_BASELINE = ("icon", "text", "filler")
STEPS = ("none", "xs", "sm", "md", "lg", "xl", "xxl")
FONT_SIZES = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl")
BORDERS = ("none", "light", "normal", "medium", "semi-bold", "bold")
ALIGN = ("start", "end", "center")
GRAVITY = ("top", "bottom", "center")
WEIGHTS = ("regular", "bold")
TEXT_STYLES = ("normal", "italic")
BUTTON_STYLES = ("primary", "secondary", "link")
DECORATIONS = ("none", "underline", "line-through")
POSITIONS = ("relative", "absolute")
ASPECT_MODES = ("fit", "cover")
ADJUST_MODES = ("shrink-to-fit",)
ALIGN_ITEMS = ("center", "flex-start", "flex-end")
JUSTIFY_CONTENT = (*ALIGN_ITEMS, "space-between", "space-around", "space-evenly")
COLOUR = re.compile(r"#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")
