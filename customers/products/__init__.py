"""The shop's products as the owner sees and changes them."""
