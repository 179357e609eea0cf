"""How long what came in and was sent is stored, and where its deletion has come to."""
