"""The month's report: counted once by the clock, sent to the owner's own LINE, and kept as a page to print."""
