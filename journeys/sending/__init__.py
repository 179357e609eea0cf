"""Everything sent unasked waits here as a row until quiet hours, frequency limits and the budget allow it; then it
goes along with a reply, which is free, or as a push."""
