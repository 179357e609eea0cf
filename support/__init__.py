"""Help: FAQ, tickets for a human being, and the transcript of a chat."""
