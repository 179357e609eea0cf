"""The page of set-up that takes a backup file, and says how far its restoring is."""

from typing import IO, Any

from flask import Blueprint, Request, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from bot.config.settings import SettingsError
from bot.text.two_languages import both, of_error, shown
from console.first_start.answers import Answers
from console.first_start.restore import DISK_FAULT, Restoration, State

ENDPOINT = "set_up.take_backup"
LARGEST_BYTES = 1 << 50
"""What the disk holds is the limit."""
BROKEN_OFF = both(
    "The upload broke off. Please try again.", "送っている途中で切れました。もう一度お試しください。"
)
NO_FILE = both("Choose the file of a backup.", "バックアップのファイルを選んでください。")


def request_class(restoration: Restoration) -> type[Request]:
    """Requests whose uploaded backup is written into the shop's data folder as it arrives, however large it is; the
    system's folder for temporary files may be memory."""

    class UploadRequest(Request):
        def _get_file_stream(self, *given: Any, **named: Any) -> IO[bytes]:
            if self.endpoint == ENDPOINT:
                return restoration.open_upload()
            return super()._get_file_stream(*given, **named)

    return UploadRequest


def add_to(page: Blueprint, answers: Answers, restoration: Restoration) -> None:
    """Add the page's URL."""

    @page.get("/restore", endpoint="restore")
    def show() -> str:
        found = restoration.shown()
        return render_template(
            "console/first_start/restore.html",
            restoration=found,
            fault=shown(found.fault, str(get_locale())),
            lacks_database=restoration.lacks_database(),
        )

    @page.post("/restore", endpoint="take_backup")
    def take() -> Response:
        if restoration.shown().state in (State.NONE, State.FAILED) and not restoration.lacks_database():
            _take(answers, restoration)
        return redirect(url_for("set_up.restore"), 303)


def _take(answers: Answers, restoration: Restoration) -> None:
    request.max_content_length = LARGEST_BYTES
    try:
        given, key = request.files.get("backup"), request.form.get("key", "").strip()
        if given is None or not given.filename:
            restoration.refuse(NO_FILE)
            return
        given.close()
        if key:
            answers.save(OLD_SECRET_KEY=key)
        restoration.begin()
    except (OSError, ValueError):
        restoration.refuse(DISK_FAULT)
    except HTTPException:
        restoration.refuse(BROKEN_OFF)
    except SettingsError as unfit:
        restoration.refuse(of_error(unfit))
