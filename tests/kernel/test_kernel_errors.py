"""Issues, the hierarchy of errors, problem documents, and the register of codes."""

import json

import pytest

from kassa.kernel import errors
from kassa.kernel.errors import (
    KERNEL_CODES,
    AmbiguousKey,
    Conflict,
    ErrorCode,
    ErrorCodes,
    IdempotencyInFlight,
    InvalidInput,
    Issue,
    KassaError,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    OverrideRequired,
    PluginError,
    Refused,
    StartupError,
)

RETURNABLE = Issue(
    code="RET_QTY_EXCEEDS_RETURNABLE",
    message="3 asked, 2 can still be returned.",
    pointer="/lines/1/quantity",
    rule="RET-12",
    plugin="returns",
    expected={"returnable": "2"},
    got="3",
    action="Return at most 2.",
)
OVER_LIMIT = Issue(
    code="CO_SHIPPING_REFUND_LIMIT",
    message="5.00 is more than 3.00.",
    severity="approvable",
    permission="shipping.refund",
    amount="5.00",
    limit="3.00",
    document="SO-1",
)


def all_classes(root: type[KassaError] = KassaError) -> list[type[KassaError]]:
    """Every class of the kernel's hierarchy; a room may add errors of its own."""
    kernel = [child for child in root.__subclasses__() if child.__module__.startswith("kassa.kernel.")]
    return [root, *(found for child in kernel for found in all_classes(child))]


def test_statuses_are_those_that_hosts_promise():
    statuses = {error.__name__: error.status for error in all_classes()}
    assert statuses == {
        "KassaError": 500, "UnreadableInput": 400, "InvalidInput": 422, "Refused": 422, "OverrideRequired": 409, "NotAuthenticated": 401,
        "NotPermitted": 403, "EverywhereOnly": 403, "NotFound": 404, "Conflict": 409, "AmbiguousKey": 409, "IdempotencyConflict": 422, "IdempotencyInFlight": 409,
        "PreconditionRequired": 428, "PreconditionFailed": 412, "TooLarge": 413, "Unavailable": 503, "OutcomeUnknown": 503,
        "PluginError": 500, "StartupError": 500, "ReadOnlyViolation": 500,
    }  # fmt: skip


def test_every_error_says_in_its_docstring_what_it_means_and_what_to_do():
    for error in all_classes():
        meaning, _, action = " ".join((error.__doc__ or "").split()).partition(". ")
        assert len(meaning) > 20, error
        assert len(action) > 5, error
        assert error.__name__ in errors.__all__


def test_a_refusal_is_a_problem_document_with_the_code_of_the_first_refusing_issue():
    warning = Issue(code="W", message="Mind this.", severity="warn")
    problem = Refused([warning, RETURNABLE]).as_problem()
    assert json.loads(json.dumps(problem)) == problem
    assert problem["type"] == "/problems/RET_QTY_EXCEEDS_RETURNABLE"
    assert problem["code"] == "RET_QTY_EXCEEDS_RETURNABLE"
    assert problem["status"] == 422
    assert problem["detail"] == "Mind this. 3 asked, 2 can still be returned."
    assert problem["issues"][1] == {
        "code": "RET_QTY_EXCEEDS_RETURNABLE",
        "message": "3 asked, 2 can still be returned.",
        "severity": "refuse",
        "pointer": "/lines/1/quantity",
        "rule": "RET-12",
        "plugin": "returns",
        "approvable_by": None,
        "expected": {"returnable": "2"},
        "got": "3",
        "action": "Return at most 2.",
    }


def test_titles_come_from_the_register_or_from_who_raises():
    codes = ErrorCodes()
    codes.declare("returns", [ErrorCode(code=RETURNABLE.code, title="More than can still be returned", meaning="m", action="a")])
    assert Refused([RETURNABLE]).as_problem(codes)["title"] == "More than can still be returned"
    assert Refused([RETURNABLE]).as_problem()["title"] == "The request was refused by a rule"
    assert Refused([RETURNABLE], title="Too many").as_problem()["title"] == "Too many"
    assert Refused([]).as_problem(codes)["code"] == "REFUSED"
    assert InvalidInput("d").as_problem(codes)["title"] == InvalidInput.title


def test_an_override_carries_every_approvable_issue_and_the_approval():
    error = OverrideRequired([OVER_LIMIT], {"token": "t", "operation": "orders.cancel"})
    problem = error.as_problem()
    assert problem["code"] == "CO_OVERRIDE_REQUIRED"
    assert problem["approval"] == {"token": "t", "operation": "orders.cancel"}
    (issue,) = problem["issues"]
    assert issue["code"] == "CO_SHIPPING_REFUND_LIMIT"
    assert issue["approvable_by"] == issue["permission"] == "shipping.refund"
    assert (issue["amount"], issue["limit"], issue["document"]) == ("5.00", "3.00", "SO-1")


def test_errors_carry_what_machines_need():
    assert NotPermitted("sales.sell").as_problem()["permission"] == "sales.sell"
    assert AmbiguousKey("K", ["SO-1", "SO-2"]).as_problem()["candidates"] == ["SO-1", "SO-2"]
    assert OutcomeUnknown().as_problem()["outcome"] == "unknown"
    assert IdempotencyInFlight(retry_after=3).retry_after == 3
    conflict = Conflict("Closed.", code="PERIOD_CLOSED", title="The period is closed", retry_after=2)
    assert (conflict.code, conflict.title, conflict.retry_after, Conflict.code) == ("PERIOD_CLOSED", "The period is closed", 2, "CONFLICT")


def test_absent_and_foreign_things_are_answered_alike():
    assert NotFound("order", "SO-1").as_problem() == NotFound("order", "SO-1").as_problem()
    assert NotFound("order", "SO-1").detail == 'There is no order "SO-1" that you can see.'
    assert NotFound("order").detail == "There is no such order that you can see."


def test_a_failing_plugin_is_named_and_its_words_stay_inside():
    cause = ValueError("password=hunter2")
    error = PluginError("returns", "returns.scrap_loss", cause)
    assert error.__cause__ is cause
    problem = error.as_problem()
    assert (problem["plugin"], problem["rule"]) == ("returns", "returns.scrap_loss")
    assert problem["detail"] == 'The plugin "returns" failed in "returns.scrap_loss": ValueError. Nothing was changed.'
    assert "hunter2" not in json.dumps(problem)
    assert "read only" in PluginError("returns", "r", "it wrote through a read only connection").detail


def test_a_refused_start_names_the_plugin():
    assert str(StartupError('misspelt hook "regster"', plugin="returns")) == 'Plugin "returns": misspelt hook "regster"'
    assert str(StartupError("no database")) == "no database"


def test_every_kernel_code_is_documented():
    assert [code.code for code in KERNEL_CODES] == sorted({code.code for code in KERNEL_CODES})
    for code in KERNEL_CODES:
        assert code.code == code.code.upper()
        assert all((code.title, code.meaning.endswith("."), code.action.endswith("."), 400 <= code.status < 600)), code


def test_two_owners_of_one_code_are_both_named():
    codes = ErrorCodes()
    mine = ErrorCode(code="X_A", title="t", meaning="m", action="a")
    codes.declare("one", [mine])
    codes.declare("one", [mine])
    with pytest.raises(StartupError, match='"X_A" is declared by one and by two'):
        codes.declare("two", [mine])
    with pytest.raises(StartupError, match='"CONFLICT" is declared by kernel and by two'):
        codes.declare("two", [ErrorCode(code="CONFLICT", title="t", meaning="m", action="a")])
    assert codes.get("X_A") is mine
    assert codes.owner("X_A") == "one"
    assert codes.get("X_B") is None
    assert codes.owner("X_B") is None
    assert mine in codes.all()
    assert mine not in ErrorCodes().all()


def test_issues_are_values():
    assert hash(RETURNABLE) == hash(RETURNABLE)
    with pytest.raises(AttributeError):
        RETURNABLE.code = "other"  # type: ignore[misc]
