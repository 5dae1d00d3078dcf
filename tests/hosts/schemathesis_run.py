"""Runs schemathesis in process over an application: documented examples, boundary cases, generated ones, sequences of acts."""

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

# What valid data may meet: an absent thing, the state of things, a rule, a header that only this token needs, a lock after wrong tries.
MEETS = ["2xx", "304", "403", "404", "409", "412", "422", "428", "429"]
REFUSES = ["400", "401", "403", "404", "405", "409", "412", "415", "422", "428"]


def run(app, token, *, examples, sequences=False, without=()):
    """The failures found and the operations that were called, each by the label of its method and path."""
    config = {
        "headers": {"Authorization": f"Bearer {token}"},
        "generation": {"max-examples": examples, "deterministic": True},
        "phases": {"stateful": {"enabled": sequences}},
        "checks": {
            # This check sends requests in a way that schemathesis cannot do in process; tokens have tests of their own.
            "ignored_auth": {"enabled": False},
            "positive_data_acceptance": {"expected-statuses": MEETS},
            "negative_data_rejection": {"expected-statuses": REFUSES},
            "missing_required_header": {"expected-statuses": REFUSES},
        },
    }
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=SchemathesisConfig.from_dict(config))
    schema = schema.exclude(operation_id=list(without)) if without else schema
    failures, called = {}, set()
    for event in from_schema(schema).execute():
        if isinstance(event, (events.NonFatalError, events.FatalError)):
            failures[str(event)] = str(getattr(event, "value", None) or event)
        if isinstance(event, events.ScenarioFinished):
            called.add(event.recorder.label)
            for case_id, checks in event.recorder.checks.items():
                for check in checks:
                    if check.failure_info is not None and not _key_of_a_preview(check):
                        failures.setdefault((event.recorder.label, check.name), _told(event.recorder, case_id, check))
    return list(failures.values()), called


def _key_of_a_preview(check):
    """A preview needs no idempotency key, which the document cannot say of a header that is required otherwise."""
    return "Idempotency-Key" in str(check.failure_info.failure.message) and "preview=true" in check.failure_info.code_sample


def _told(recorder, case_id, check):
    interaction = recorder.interactions.get(case_id)
    answer = interaction.response if interaction is not None else None
    shown = f"{answer.status_code} {answer.content[:400]}" if answer is not None else "no answer"
    failure = check.failure_info.failure
    return f"{recorder.label}: {check.name}: {failure.title}: {failure.message}\n{check.failure_info.code_sample}\n{shown}"
