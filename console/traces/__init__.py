"""Pages that say what a customer got unasked, and what not, and why."""
