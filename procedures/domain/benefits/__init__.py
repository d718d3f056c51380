"""The money, reckoned in exact fractions and cut to whole đồng only at the very end."""
