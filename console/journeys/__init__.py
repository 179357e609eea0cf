"""Pages on flows: their list, the editor with a phone beside it, switching on, putting customers in, test sends."""
