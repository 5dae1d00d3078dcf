"""Failpoints: named moments at which a test ends the process or breaks something, to prove that nothing is lost or half done.

Nothing arms them but tests; unarmed they cost a look at one name. What is armed gets the name of the moment: it may return, raise,
or never return.

| name | when |
|---|---|
| `write.begin` | a write transaction is about to begin |
| `write.statement` | one of its statements was run, or, on PostgreSQL, put on its way |
| `write.commit` | everything is written, and COMMIT comes next |
| `write.committed` | COMMIT was answered, and nobody was told yet |
| `job.claimed` | a runner has a job and plans its next chunk |
| `event.delivered` | a listener took an event, and that is not marked yet |
"""

from __future__ import annotations

from collections.abc import Callable

armed: Callable[[str], None] | None = None
