"""The console: staff answer chats here, the owner sees figures and mends what got stuck. Server-rendered."""

from console.web import init_app

__all__ = ["init_app"]
