"""Redraws a picture from untrusted bytes: small, upright, without metadata.

Two kilobytes can decode to a gigabyte of pixels, and decoders have had security holes. So a process of its
own decodes, with limits of memory and time, after checking the header; a hostile file fails alone.
"""

import subprocess
import sys
import threading
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent / "picture_drawing.py"
DEADLINE_SECONDS = 30
_one_at_a_time = threading.Lock()
"""A small machine has the memory for one."""


class Unfit(Exception):
    """It cannot be drawn: it is no picture, a broken one, or one that is too large."""


def redrawn(content: bytes, side: int, kind: str = "JPEG") -> bytes:
    """The picture's first frame as a JPEG (or PNG) of our own making, at most `side` pixels wide and high.

    Raises Unfit. Takes about 0.2 seconds, and may take DEADLINE_SECONDS: not inside a transaction.
    """
    command = [sys.executable, "-I", str(PROGRAM), str(side), kind]
    with _one_at_a_time:
        try:
            done = subprocess.run(
                command, input=content, capture_output=True, timeout=DEADLINE_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise Unfit(f"not drawn within {DEADLINE_SECONDS} seconds") from late
    if done.returncode != 0:
        raise Unfit(done.stderr.decode(errors="replace").strip() or f"ended with {done.returncode}")
    return done.stdout
