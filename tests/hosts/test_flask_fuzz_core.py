"""Schemathesis on every operation of the core, in a shop with goods.

An ordinary run goes through THOROUGH operations with boundary cases and generated ones, and calls each of the others; its time does
not grow with the number of operations. KASSA_TEST_FUZZ_EXAMPLES goes through all of them with so many generated examples of each.
"""

import os

import pytest

from kassa.kernel.contributions import Operation
from kassa.testing.ledger import assert_sound
from kassa_flask import HostConfig, create_app

THOROUGH = 40
CAMPAIGN = "KASSA_TEST_FUZZ_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("KASSA_TEST_FUZZ_EXAMPLES", "2"))


@pytest.mark.slow
@pytest.mark.timeout(3600 if CAMPAIGN else 300)
def test_every_operation_of_the_core_answers_as_documented(core_shop, key_of, lines, fuzz):
    app = create_app(core_shop.engine, HostConfig(logger=lines.logger, rate_limit="", refusal_limit=""))
    token = key_of("administrator", store="S001", register="T1")
    failures, called = fuzz(app, token, examples=EXAMPLES, thorough=None if CAMPAIGN else THOROUGH)
    assert failures == [], "\n\n".join(failures)
    operations = [operation.http for operation in core_shop.engine.registry.all(Operation) if operation.http is not None]
    assert {f"{http.method} /v1{http.path}" for http in operations} <= called
    assert_sound(core_shop)
