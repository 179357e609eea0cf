"""The tables of events that came and messages that go out: stored once, leased. `worker/` works them off."""
