"""The customer, and the days on which they were active. What follows from either is for the domains above."""
