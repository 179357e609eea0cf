"""Commands about the shop's data: erase a customer, back the shop up and restore it, export it, let sending go on."""
