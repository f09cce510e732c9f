"""The national files: the postcode directory and the register of schools."""
