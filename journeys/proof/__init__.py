"""What flows, campaigns and contacts earn: who is held out, and both sides compared."""
