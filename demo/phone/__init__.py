"""The phone in the browser, and a phone for scripts and tests."""
