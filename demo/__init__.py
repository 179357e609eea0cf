"""LINE in miniature on this machine: a platform the unmodified bot talks to, and a phone in the browser."""
