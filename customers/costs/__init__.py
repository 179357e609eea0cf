"""What winning a customer costs, as the owner enters it; what is made of it is in `customers/figures/payback.py`."""
