"""The metrics of one application: how many requests each operation answered with which status, and how long they took."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from kassa.kernel.clock import MICROSECONDS_PER_SECOND

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts requests. Several processes share a folder (PROMETHEUS_MULTIPROC_DIR); then each of them tells of all."""

    def __init__(self) -> None:
        """Start with nothing counted, in a registry of its own, so that several applications fit into one process."""
        self._registry = CollectorRegistry()
        shared = bool(os.environ.get(SHARED_FOLDER))
        if shared:
            _write_to_files()
        owner = None if shared else self._registry
        self._requests = Counter("kassa_http_requests", "Requests answered.", ("operation", "status"), registry=owner)
        words = "Time from request to answer."
        self._seconds = Histogram("kassa_http_request_seconds", words, ("operation",), buckets=BUCKETS, registry=owner)
        self._counters: dict[tuple[str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        if shared:
            MultiProcessCollector(self._registry)  # type: ignore[no-untyped-call]

    def observe(self, operation: str, status: int, microseconds: int) -> None:
        """Count one request; `operation` is one of a fixed set of names, never text of the caller."""
        counter = self._counters.get((operation, status))
        if counter is None:
            counter = self._counters[operation, status] = self._requests.labels(operation, str(status))
        histogram = self._histograms.get(operation)
        if histogram is None:
            histogram = self._histograms[operation] = self._seconds.labels(operation)
        counter.inc()
        histogram.observe(microseconds / MICROSECONDS_PER_SECOND)

    def text(self) -> bytes:
        """Everything counted so far, in the text format of Prometheus."""
        return generate_latest(self._registry)


def _write_to_files() -> None:
    # The library decides this at its first import, which may have come before the folder was named.
    if values.ValueClass is values.MutexValue:
        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
