"""The browser's cookie of a sign-in: signed, for this host alone, and by https alone where the shop is served so."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

from bot.config.settings import Settings

OVER_HTTP = "goen_console"
"""The name where there is no https, and that of earlier versions everywhere."""
BY_HTTPS = "__Host-goen_console"
"""No other site of the shop's domain can put a cookie of such a name into the browser (RFC 6265bis, 4.1.3)."""
PATH_OVER_HTTP = "/console"


def name(config: Settings) -> str:
    """What the cookie is called."""
    return BY_HTTPS if config.by_https else OVER_HTTP


def path(config: Settings) -> str:
    """Where the browser sends it; a name with `__Host-` needs the whole host."""
    return "/" if config.by_https else PATH_OVER_HTTP


class SessionCookie(SecureCookieSessionInterface):
    """Takes a sign-in of before the update once from the cookie's earlier name, so that nobody has to sign in again."""

    def open_session(self, app: Flask, call: Request) -> SecureCookieSession | None:
        """What the browser brought."""
        opened = super().open_session(app, call)
        earlier = call.cookies.get(OVER_HTTP) if self.get_cookie_name(app) != OVER_HTTP else None
        signer = self.get_signing_serializer(app)
        if opened or not earlier or signer is None:
            return opened
        try:
            known = signer.loads(earlier, max_age=int(app.permanent_session_lifetime.total_seconds()))
        except BadSignature:
            return opened
        taken: SecureCookieSession = self.session_class(known)
        taken.modified = True
        return taken

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Under the new name; the earlier one goes."""
        super().save_session(app, session, response)
        if self.get_cookie_name(app) != OVER_HTTP and OVER_HTTP in request.cookies:
            response.delete_cookie(OVER_HTTP, path=PATH_OVER_HTTP, secure=True, httponly=True, samesite="Lax")
