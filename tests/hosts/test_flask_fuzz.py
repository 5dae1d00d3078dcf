"""Schemathesis on every operation of the kernel and of the probe: no fault of the server, no answer that is not documented."""

import os

import pytest

from kassa.kernel.contributions import Operation
from kassa.testing.databases import kinds

EXAMPLES = int(os.environ.get("KASSA_TEST_FUZZ_EXAMPLES", "4"))


@pytest.fixture(params=kinds())
def database_kind(request):
    """Both databases."""
    return request.param


@pytest.mark.slow
def test_every_operation_answers_as_documented(make_app, shelf_engine, fuzz):
    app = make_app(rate_limit="", refusal_limit="")
    # The operation that fails on purpose is left out.
    failures, called = fuzz(app, "all", examples=EXAMPLES, sequences=True, without=["shelf.fall"])
    assert failures == [], "\n\n".join(failures)
    operations = [operation for operation in shelf_engine.registry.all(Operation) if operation.http and operation.name != "shelf.fall"]
    assert {f"{operation.http.method} /v1{operation.http.path}" for operation in operations} <= called


def test_a_fault_would_be_found(make_app, fuzz):
    failures, called = fuzz(make_app(rate_limit=""), "all", examples=1, only=["shelf.fall"])
    assert called == {"GET /v1/shelf/fall"}
    assert any("GET /v1/shelf/fall" in failure and "Server error" in failure for failure in failures)
