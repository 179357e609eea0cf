"""Comparing two groups of customers: intervals, sample sizes, the check of the assignment. Pure functions of sums."""
