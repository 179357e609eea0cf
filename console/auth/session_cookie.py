"""Names and scopes the session cookie: signed, bound to this host, and sent by https only where the shop uses
https."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

from bot.config.settings import Settings

OVER_HTTP = "goen_console"
"""The name without https, and the one earlier versions used everywhere."""
BY_HTTPS = "__Host-goen_console"
"""A `__Host-` cookie cannot be set by another site of the shop's domain (RFC 6265bis, 4.1.3)."""
PATH_OVER_HTTP = "/console"


def name(config: Settings) -> str:
    """The cookie's name."""
    return BY_HTTPS if config.by_https else OVER_HTTP


def path(config: Settings) -> str:
    """The cookie's path; a `__Host-` name requires `/`."""
    return "/" if config.by_https else PATH_OVER_HTTP


class SessionCookie(SecureCookieSessionInterface):
    """Flask's session interface. Accepts the earlier cookie name once, so that an update signs nobody out."""

    def open_session(self, app: Flask, call: Request) -> SecureCookieSession | None:
        """Read the session from the cookie."""
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
        """Write the session under the present name; delete the earlier cookie."""
        super().save_session(app, session, response)
        if self.get_cookie_name(app) != OVER_HTTP and OVER_HTTP in request.cookies:
            response.delete_cookie(OVER_HTTP, path=PATH_OVER_HTTP, secure=True, httponly=True, samesite="Lax")
