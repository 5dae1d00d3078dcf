"""Schedules: operations that are performed again and again, at times that an installation can change or pause.

Rooms and plugins contribute them with times that make sense; the table keeps what was changed and when each is due. A due time
is taken by a lease and performed under an idempotency key of its own, so several workers perform it once. What was due while
nobody worked is performed once, late, however many times it was missed.
"""
