"""The colours and the text of our public pages, for light and for dark: the beginning of each page's one <style>.

Plain custom properties and one media query, which the browsers inside older apps understand, too. A page's own rules
follow in the file that serves it.
"""

_LIGHT = (
    "--paper:#f2f6f4;--ink:#333;--quiet:#4a4a4a;--card:#fff;--raised:#f2f5f3;--link:#0b5f2e;--go:#0b7a3b;"
    "--shadow:rgb(0 40 20/.08)"
)
_DARK = (
    "--paper:#14191b;--ink:#e4e9e6;--quiet:#a9b4b0;--card:#1d2426;--raised:#222a2c;--link:#8fd3b4;--go:#2b7a5d;"
    "--shadow:rgb(0 0 0/.5)"
)
BASE = (
    f":root{{color-scheme:light dark;{_LIGHT}}}"
    f"@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--paper);color:var(--ink);line-height:1.7;line-break:strict;"
    "font-family:system-ui,'Hiragino Sans','Noto Sans JP',sans-serif}"
    "a{color:var(--link)}a:focus-visible{outline:3px solid var(--ink);outline-offset:3px}"
)
"""Colours, text and links."""
GO = (
    ".go{display:block;padding:.95rem;border-radius:.75rem;background:var(--go);color:#fff;font-weight:700;"
    "text-align:center;text-decoration:none}"
)
"""The button that leads into the chat."""
NARROW = (
    "main{max-width:26rem;margin:0 auto;padding:2.5rem 1.25rem;text-align:center}"
    "h1{font-size:1.4rem;margin:0 0 .75rem;text-wrap:balance}p{margin:0 0 1.25rem;word-break:auto-phrase}"
    ".policy{margin:2rem 0 0;font-size:.875rem}"
)
"""A page of a few centred sentences."""
