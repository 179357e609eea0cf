"""A flow played for one customer in simulated time; nothing is sent or written."""
