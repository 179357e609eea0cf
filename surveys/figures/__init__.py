"""Figures of the survey, by month, group and promise kept."""
