"""The public page of the shop's privacy policy."""
