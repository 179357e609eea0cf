"""LINE's Messaging API and LINE Login: building messages, making calls, reading answers. When to call is left
to `bot/worker/`."""
