"""The operator's commands: each starts the process, does one thing in one transaction, and says what it did.
The work itself is left to the packages below."""
