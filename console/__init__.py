"""The console: staff answer chats here, the owner sees figures and mends what got stuck. Server-rendered."""
