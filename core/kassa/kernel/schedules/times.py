"""Times of schedules: a cron expression in a time zone, or an interval; when they are due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
from cronsim import CronSim, CronSimError

from kassa.kernel.clock import MICROSECONDS_PER_SECOND, time_zone

SHORTEST_INTERVAL = 10
LONGEST_INTERVAL = 366 * 24 * 3600
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class BadTimes(Exception):
    """These times make no sense; the text says why."""


@attrs.frozen(kw_only=True)
class Times:
    """When something is due: by a cron expression of five fields in a zone, or every so many seconds."""

    cron: str | None = None
    every_seconds: int | None = None
    zone: str = "UTC"

    def next_after(self, now: int, due: int | None = None) -> int:
        """Give the first due time after an instant, both in microseconds; an interval counts from the time that was due.

        Raises BadTimes for an expression that cannot be read or that never comes, an unknown zone, an interval out of bounds.
        """
        if (self.cron is None) == (self.every_seconds is None):
            raise BadTimes("expected either a cron expression or an interval")
        if self.cron is not None:
            return self._next_of_cron(self.cron, now)
        step = self.every_seconds or 0
        if not SHORTEST_INTERVAL <= step <= LONGEST_INTERVAL:
            raise BadTimes(f"expected an interval of {SHORTEST_INTERVAL} to {LONGEST_INTERVAL} seconds, got {step}")
        step *= MICROSECONDS_PER_SECOND
        start = now if due is None or due > now else due
        return start + ((now - start) // step + 1) * step

    def _next_of_cron(self, cron: str, now: int) -> int:
        try:
            local = (EPOCH + now * MICROSECOND).astimezone(time_zone(self.zone))
            found = next(CronSim(cron, local))
        except CronSimError as error:
            raise BadTimes(f"expected five fields such as 0 3 * * * (minute, hour, day, month, weekday), got {cron!r}: {error}") from error
        except StopIteration:
            raise BadTimes(f"{cron!r} never comes") from None
        except ValueError as error:
            raise BadTimes(str(error)) from error
        instant: int = (found.astimezone(UTC) - EPOCH) // MICROSECOND
        return instant

    @property
    def words(self) -> str:
        """The times as text: the expression and its zone, or the interval."""
        return f"{self.cron} ({self.zone})" if self.cron is not None else f"every {self.every_seconds} seconds"
