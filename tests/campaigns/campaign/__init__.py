"""Campaigns: seeded attacks on what Kassa promises, large by the command (`run.py`), small in the ordinary suite."""
