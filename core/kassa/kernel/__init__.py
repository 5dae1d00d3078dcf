"""The mechanism of Kassa: plans, rules, storage and values; it knows no commerce."""
