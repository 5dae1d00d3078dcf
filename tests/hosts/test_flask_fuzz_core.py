"""Schemathesis on every operation of the core, in a shop with goods: about ten thousand requests, more by KASSA_TEST_FUZZ_EXAMPLES."""

import os

import pytest

from kassa.kernel.contributions import Operation
from kassa.testing.ledger import assert_sound
from kassa_flask import HostConfig, create_app

EXAMPLES = int(os.environ.get("KASSA_TEST_FUZZ_EXAMPLES", "2"))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_operation_of_the_core_answers_as_documented(core_shop, key_of, lines, fuzz):
    app = create_app(core_shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
    failures, called = fuzz(app, key_of("administrator", store="S001", register="T1"), examples=EXAMPLES)
    assert failures == [], "\n\n".join(failures)
    operations = [operation.http for operation in core_shop.engine.registry.all(Operation) if operation.http is not None]
    assert {f"{http.method} /v1{http.path}" for http in operations} <= called
    assert_sound(core_shop)
