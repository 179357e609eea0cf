"""The worker process: claims events, has them handled, and sends what is to be sent, several chats at once.
The tables of both queues are in `bot/queue/`, the handlers in `handlers/`."""
