"""What an event is, once read from the inbox, and which handler takes it."""
