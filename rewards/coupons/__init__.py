"""What points buy and what is given on occasions: coupons, their codes, birthdays, the legal cap on gifts."""
