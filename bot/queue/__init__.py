"""The tables of events that came in and of calls to LINE that go out, each stored once and leased. Handling
and sending them is left to `bot/worker/`."""
