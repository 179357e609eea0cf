"""Figures of the survey: NPS by month, product, cohort and group; response rate, recovery and promptness.

Showing them is left to `console/figures/`.
"""
