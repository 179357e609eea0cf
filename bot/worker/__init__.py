"""Claims events, has them handled, and sends what is to be sent, several chats at once."""
