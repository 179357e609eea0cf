"""Orders and products from CSV files of shop systems."""
