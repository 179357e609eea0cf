"""What an operator types: each command starts the process, does one thing in one transaction, and says so."""
