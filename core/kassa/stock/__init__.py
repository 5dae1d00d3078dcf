"""Stock: lots and their life, balances in buckets, moving average cost, adjustments."""
