"""Stored pictures hold no metadata of a customer's phone: place, time, camera, owner."""

import io
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from bot.files import box_metadata, content_types, media_cleaning, picture_metadata
from bot.files.picture_metadata import Unreadable

SECRETS = (b"Hanako", b"at home", b"35.68", b"iPhone")
XMP = b'<?xpacket begin=""?><x:xmpmeta><photoshop:City>at home, Hanako</photoshop:City></x:xmpmeta>'


def exif(orientation: int) -> Image.Exif:
    made = Image.Exif()
    made[0x0110], made[0x013B], made[0x0112] = "iPhone 21", "Hanako", orientation
    made.get_ifd(0x8825).update({1: "N", 2: (35.0, 39.0, 29.0), 3: "E", 4: (139.0, 44.0, 28.0)})
    return made


def drawing(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A picture in which every corner differs."""
    made = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (made, made.transpose(Image.Transpose.ROTATE_180), made.rotate(90)))


def taken(kind: str, orientation: int = 6, **options: Any) -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    drawn = io.BytesIO()
    if kind == "GIF":
        further = drawing().convert("P").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        drawing().convert("P").save(
            drawn, kind, comment=b"at home, Hanako", save_all=True, append_images=[further], loop=0
        )
        return drawn.getvalue()
    options |= {"exif": exif(orientation), "icc_profile": profile}
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", "Hanako")
        texts.add_text("Comment", "at home " * 50, zip=True)
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options["pnginfo"] = texts
    if kind in ("JPEG", "WEBP", "AVIF"):
        options["xmp"] = XMP
    if kind == "JPEG":
        options["comment"] = b"at home"
    drawing().save(drawn, kind, **options)
    return drawn.getvalue()


def iptc(picture: bytes) -> bytes:
    """The JPEG with a Photoshop block, as newspapers use it."""
    body = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0a\x1c\x02\x50\0\x06Hanako"
    return picture[:2] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + picture[2:]


def cleaned(content: bytes, folder: Path, content_type: str = "") -> tuple[bytes, str]:
    path = folder / "file"
    path.write_bytes(content)
    content_type = media_cleaning.clean(path, content_type or content_types.detect(content[:16]))
    assert list(folder.iterdir()) == [path]
    return path.read_bytes(), content_type


def seen(content: bytes) -> list[bytes]:
    """Every frame as a browser shows it."""
    with Image.open(io.BytesIO(content)) as image:
        shown = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            shown.append(ImageOps.exif_transpose(image).convert("RGBA").tobytes())
        return shown


PICTURES = {
    "jpeg": lambda: taken("JPEG"),
    "jpeg upright": lambda: taken("JPEG", 1),
    "jpeg progressive": lambda: taken("JPEG", 8, progressive=True),
    "jpeg with iptc": lambda: iptc(taken("JPEG", 3)),
    "jpeg with a film behind it": lambda: taken("JPEG") + b"\0\0\0\x18ftypmp42 at home, Hanako",
    "jpeg with another behind it": lambda: taken("JPEG") + taken("JPEG"),
    "png": lambda: taken("PNG"),
    "png with something behind it": lambda: taken("PNG", 1) + b"Hanako",
    "webp": lambda: taken("WEBP"),
    "webp without loss": lambda: taken("WEBP", 8, lossless=True),
    "animated webp": lambda: taken("WEBP", 1, save_all=True, append_images=[drawing().rotate(180)]),
    "gif": lambda: taken("GIF"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_image_stays_and_all_else_goes(name: str, tmp_path: Path) -> None:
    original = PICTURES[name]()
    assert any(secret in original for secret in SECRETS)
    clean, content_type = cleaned(original, tmp_path)
    assert content_type == content_types.detect(original[:16])
    assert not any(secret in clean for secret in SECRETS)
    assert seen(clean) == seen(original), "not a pixel differs, and the same way is up"
    with Image.open(io.BytesIO(clean)) as image:
        assert set(dict(image.getexif())) <= {0x0112}
        assert not {"xmp", "comment", "photoshop", "Author", "Comment"} & image.info.keys()
        if "gif" not in name:
            assert image.info["icc_profile"], "the colours are right"
    assert cleaned(clean, tmp_path) == (clean, content_type), "cleaning again changes nothing"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_way_up_stays(kind: str, orientation: int, tmp_path: Path) -> None:
    original = taken(kind, orientation)
    assert seen(cleaned(original, tmp_path)[0]) == seen(original)


def test_a_picture_that_breaks_off_stays_as_far_as_it_goes(tmp_path: Path) -> None:
    original = taken("JPEG")
    clean, content_type = cleaned(original[:-200], tmp_path)
    assert content_type == content_types.JPEG
    assert not any(secret in clean for secret in SECRETS)


def test_a_picture_that_is_built_wrongly_is_drawn_anew(tmp_path: Path) -> None:
    original = taken("JPEG")
    broken = original[:2] + b"\xff\0" + original[2:]
    with pytest.raises(Unreadable):
        picture_metadata.jpeg(broken)
    clean, content_type = cleaned(broken, tmp_path)
    assert content_type == content_types.JPEG
    assert not any(secret in clean for secret in SECRETS)
    assert Image.open(io.BytesIO(clean)).size == (48, 64)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_cannot_be_read_and_hides_something_is_no_longer_shown_by_itself(
    kind: str, tmp_path: Path
) -> None:
    head = taken(kind)[:16].ljust(16, b"\0")
    hiding = head + b"\xff\xffExif\0\0 35.68 Hanako"
    assert cleaned(hiding, tmp_path) == (hiding, content_types.UNKNOWN)
    harmless = head + b"\xff\xffnothing"
    assert cleaned(harmless, tmp_path)[1] == content_types.detect(head)


def test_a_heic_or_avif_loses_its_items_of_metadata(tmp_path: Path) -> None:
    original = taken("AVIF", 1)
    clean, content_type = cleaned(original, tmp_path)
    assert content_type == content_types.UNKNOWN
    assert len(clean) == len(original)
    assert not any(secret in clean for secret in SECRETS)
    with Image.open(io.BytesIO(clean)) as image, Image.open(io.BytesIO(original)) as before:
        assert image.tobytes() == before.tobytes()


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def film() -> bytes:
    times = struct.pack(">III", 0, 3_900_000_000, 3_900_000_001)
    handler = b"\0" * 8
    return b"".join(
        (
            box(b"ftyp", b"qt  \0\0\0\0"),
            box(
                b"moov",
                box(b"mvhd", times, b"how long it is"),
                box(
                    b"trak",
                    box(b"tkhd", times),
                    box(b"mdia", box(b"hdlr", handler, b"vide"), box(b"minf", b"")),
                ),
                box(b"trak", box(b"mdia", box(b"hdlr", handler, b"meta")), b""),
                box(b"udta", box(b"\xa9xyz", b"+35.68+139.76/")),
                box(b"meta", b"com.apple.quicktime.location.ISO6709 +35.68"),
            ),
            box(b"uuid", b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8", XMP),
            box(b"mdat", b"moving pictures"),
            box(b"meta", b"\0\0\0\0", b"iPhone 21"),
        )
    )


def test_a_video_loses_its_place_and_its_times(tmp_path: Path) -> None:
    original = film()
    clean, content_type = cleaned(original, tmp_path)
    assert content_type == content_types.MP4
    assert len(clean) == len(original), "nothing is moved: others say where in the file the pictures begin"
    assert not any(secret in clean for secret in SECRETS)
    assert struct.pack(">I", 3_900_000_000) not in clean
    for stays in (b"moving pictures", b"how long it is", b"vide"):
        assert clean.index(stays) == original.index(stays)
    assert clean.count(b"free") == 5


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.integers(0, 2000))
def test_whatever_the_bytes_are_it_ends_and_says_so(noise: bytes, kind: str, place: int) -> None:
    whole = _WHOLE[kind]
    content = whole[:place] + noise + whole[place + len(noise) :]
    read = getattr(picture_metadata, kind.lower())
    with suppress(Unreadable, struct.error):
        read(content)
    with suppress(Unreadable, struct.error):
        box_metadata.blank(bytearray(content))  # type: ignore[arg-type]


_WHOLE = {kind: taken(kind) for kind in ("JPEG", "PNG", "WEBP", "GIF")}
