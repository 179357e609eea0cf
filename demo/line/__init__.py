"""LINE in miniature: a channel, its API and Login over HTTP, and what LINE refuses."""
