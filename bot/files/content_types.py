"""Detects the content type of bytes by their beginning. Pure.

Neither the sender's word nor a file's name counts: browsers must be given the true type.
"""

HEAD_BYTES = 16
"""How many bytes from the beginning are enough to detect the type."""

JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
MP4, M4A, MP3, WAV = "video/mp4", "audio/mp4", "audio/mpeg", "audio/wav"
PDF = "application/pdf"
UNKNOWN = "application/octet-stream"

PICTURES = frozenset({JPEG, PNG, GIF, WEBP})
VIDEOS = frozenset({MP4})
VOICE_TYPES = frozenset({M4A, MP3, WAV})
SHOWN = PICTURES | VIDEOS | VOICE_TYPES
"""What a browser may show by itself; it runs nothing that is in them."""

ENDINGS = {
    JPEG: "jpg",
    PNG: "png",
    GIF: "gif",
    WEBP: "webp",
    MP4: "mp4",
    M4A: "m4a",
    MP3: "mp3",
    WAV: "wav",
    PDF: "pdf",
    UNKNOWN: "bin",
}
_STILLS_IN_MP4 = (
    b"heic",
    b"heix",
    b"mif1",
    b"msf1",
    b"avif",
    b"avis",
    b"hevc",
    b"hevx",
    b"heim",
    b"heis",
    b"crx ",
)


def is_still_in_boxes(head: bytes) -> bool:
    """Whether it is a HEIC or AVIF, which most browsers do not show."""
    return head[4:8] == b"ftyp" and head[8:12] in _STILLS_IN_MP4


def detect(head: bytes, *, as_voice: bool = False) -> str:
    """The content type of what begins so; UNKNOWN unless it is one of ours. An MP4 does not say at its
    beginning whether it has pictures: `as_voice` says that the customer sent it as a voice message."""
    beginnings = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"ID3", MP3), (b"%PDF-", PDF))
    for beginning, content_type in beginnings:
        if head.startswith(beginning):
            return content_type
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return GIF
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp" and head[8:12] not in _STILLS_IN_MP4:
        return M4A if as_voice or head[8:11] == b"M4A" else MP4
    if as_voice and len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return MP3
    return UNKNOWN
