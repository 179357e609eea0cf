"""What staff attach, by its bytes: what becomes of it, and why it cannot be sent. Hostile files fail alone."""

import io

import pytest
from PIL import Image

from support.replies.preparing import MOST_PICTURE_BYTES, MOST_UPLOAD_BYTES, CannotBeSent, Unfit, prepared
from tests.bombs import BOMBS
from tests.pictures_of_staff import MP4, PDF, noise, photo

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00" + bytes(100)
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00" + bytes(100)
HOSTILE = ("webp", "png", "png of one bit", "png texts", "gif", "jpeg", "jpeg scans", "tiff", "avif", "bmp")


@pytest.mark.parametrize(
    ("content", "name", "kind", "content_type"),
    [
        (photo(), "蓋.jpg", "image", "image/jpeg"),
        (photo("PNG"), "画面.png", "image", "image/png"),
        (photo("WEBP"), "蓋.webp", "image", "image/jpeg"),
        (photo("GIF"), "動く.gif", "image", "image/jpeg"),
        (photo(), "名前はうそ.pdf", "image", "image/jpeg"),
        (MP4, "使い方.mp4", "video", "video/mp4"),
        (PDF, "領収書.pdf", "file", "application/pdf"),
        (b"PK\x03\x04" + bytes(50), "見積.XLSX", "file", "application/octet-stream"),
        ("日付,金額\n".encode(), "明細.csv", "file", "application/octet-stream"),
    ],
)
def test_what_it_is_sent_as(content: bytes, name: str, kind: str, content_type: str) -> None:
    file = prepared(content, name)
    assert (file.kind, file.content_type) == (kind, content_type)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "から.jpg", Unfit.EMPTY),
        (bytes(MOST_UPLOAD_BYTES + 1), "大きい.pdf", Unfit.TOO_LARGE),
        (HEIC, "IMG_1.HEIC", Unfit.HEIC),
        (MOV, "IMG_2.MOV", Unfit.MOVIE),
        (b"\x1aE\xdf\xa3" + bytes(50), "録画.webm", Unfit.MOVIE),
        (b"\xff\xd8\xff\xe0" + b"no picture" * 50, "壊れた.jpg", Unfit.BROKEN),
        (b"MZ" + bytes(100), "x.exe", Unfit.KIND),
        (b"<html><script>alert(1)</script>", "x.html", Unfit.KIND),
        (b"<svg onload='alert(1)'/>", "x.svg", Unfit.KIND),
        (b"MZ" + bytes(100), "領収書.pdf", Unfit.KIND),
        (b"MZ" + bytes(100), "明細.csv", Unfit.KIND),
        (b"PK\x03\x04" + bytes(50), "x.zip", Unfit.KIND),
    ],
)
def test_why_it_cannot_be_sent(content: bytes, name: str, reason: Unfit) -> None:
    with pytest.raises(CannotBeSent) as refused:
        prepared(content, name)
    assert refused.value.reason is reason


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bomb_is_refused(name: str) -> None:
    content = BOMBS[name]()
    with pytest.raises(CannotBeSent):
        prepared(content, f"{name}.jpg")


def test_what_hides_behind_a_picture_is_not_sent() -> None:
    for hidden in (b"<script>alert(1)</script>", PDF, b"PK\x03\x04 an archive"):
        file = prepared(photo() + hidden, "蓋.jpg")
        assert hidden not in file.content


def test_a_picture_that_does_not_compress_is_made_small_enough_for_lines_preview() -> None:
    file = prepared(noise(1700), "砂.png")
    assert file.content_type == "image/jpeg"
    assert len(file.content) <= MOST_PICTURE_BYTES
    with Image.open(io.BytesIO(file.content)) as image:
        assert max(image.size) >= 640
