"""The type of a file, detected from its first bytes, whatever type was declared."""

import pytest

from bot.files.content_types import ENDINGS, HEAD_BYTES, PDF, SHOWN, UNKNOWN, detect
from tests.complete import assert_same


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\x00\x00\x00AVI LIST", UNKNOWN),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", UNKNOWN),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", UNKNOWN),
        (b"<html><script>", UNKNOWN),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", UNKNOWN),
        (b"\xff\xfb\x90\x64", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_bytes_are_what_they_begin_with(head: bytes, content_type: str) -> None:
    assert detect(head[:HEAD_BYTES]) == content_type


def test_an_mp4_sent_as_a_voice_message_is_a_voice() -> None:
    assert detect(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", as_voice=True) == "audio/mp4"
    assert detect(b"\xff\xfb\x90\x64", as_voice=True) == "audio/mpeg"
    assert detect(b"\xff\xd8\xff\xe0", as_voice=True) == "image/jpeg"


def test_every_type_has_an_ending_and_what_runs_is_not_shown() -> None:
    assert_same(
        SHOWN | {PDF, UNKNOWN},
        ENDINGS,
        missing="this type has no ending: add it to ENDINGS.",
        too_many="ENDINGS has this type, and it is never shown: take it out.",
    )
    assert not SHOWN & {"image/svg+xml", "text/html", "application/pdf", UNKNOWN}
