"""What the owner sees of the shop in numbers. The figures themselves are counted in the domains."""
