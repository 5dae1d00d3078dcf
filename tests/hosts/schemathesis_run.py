"""Runs schemathesis in process over an application: documented examples, boundary cases, generated ones, sequences of acts."""

from zlib import crc32

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

# What valid data may meet: an absent thing, the state of things, a rule, a header that only this token needs, a lock after wrong tries.
MEETS = ["2xx", "304", "403", "404", "409", "412", "422", "428", "429"]
REFUSES = ["400", "401", "403", "404", "405", "409", "412", "415", "422", "428"]
CHECKS = {
    # This check sends requests in a way that schemathesis cannot do in process; tokens have tests of their own.
    "ignored_auth": {"enabled": False},
    "positive_data_acceptance": {"expected-statuses": MEETS},
    "negative_data_rejection": {"expected-statuses": REFUSES},
    "missing_required_header": {"expected-statuses": REFUSES},
}
PHASES = ("examples", "coverage", "fuzzing", "stateful")


class Run:
    """The failures found so far, and the operations that were called, each by the label of its method and path."""

    def __init__(self, app, token, without=()):
        self.app, self.token, self.without = app, token, list(without)
        self.failures, self.called = {}, set()

    def schema(self, phases, examples):
        """The application's document, to be gone through in some phases with so many generated examples of each operation."""
        config = {
            "headers": {"Authorization": f"Bearer {self.token}"},
            "generation": {"max-examples": examples, "deterministic": True},
            "phases": {phase: {"enabled": phase in phases} for phase in PHASES},
            "checks": CHECKS,
        }
        found = schemathesis.openapi.from_wsgi("/openapi.json", self.app, config=SchemathesisConfig.from_dict(config))
        return found.exclude(operation_id=self.without) if self.without else found

    def go(self, schema):
        """Call the operations of a schema and keep what came of it."""
        for event in from_schema(schema).execute():
            if isinstance(event, (events.NonFatalError, events.FatalError)):
                self.failures[str(event)] = str(getattr(event, "value", None) or event)
            if isinstance(event, events.ScenarioFinished) and event.recorder.interactions:
                self.called.add(event.recorder.label)
                for case_id, checks in event.recorder.checks.items():
                    for check in checks:
                        if check.failure_info is not None and not _key_of_a_preview(check):
                            self.failures.setdefault((event.recorder.label, check.name), _told(event.recorder, case_id, check))


def run(app, token, *, examples, sequences=False, without=(), only=(), thorough=None):
    """The failures found and the operations that were called, all of them, or `only` some by their name.

    Each is called with everything, or `thorough` of them with everything and the others with their documented examples or one
    generated case. Which ones is decided by what the document says, so a change of it goes with another choice, while a failure
    comes again.
    """
    done = Run(app, token, without)
    everything = PHASES if sequences else PHASES[:3]
    labels = _labels(done.schema(everything, examples))
    if thorough is None or thorough >= len(labels):
        schema = done.schema(everything, examples)
        done.go(schema.include(operation_id=list(only)) if only else schema)
    else:
        document = app.test_client().get("/openapi.json").data
        chosen = sorted(labels, key=lambda label: crc32(label.encode(), crc32(document)))[:thorough]
        done.go(done.schema(everything, examples).include(name=chosen))
        done.go(done.schema(["examples"], 1).exclude(name=chosen))
        if rest := sorted(labels - done.called):
            done.go(done.schema(["fuzzing"], 1).include(name=rest))
    return list(done.failures.values()), done.called


def _labels(schema):
    return {found.ok().label for found in schema.get_all_operations()}


def _key_of_a_preview(check):
    """A preview needs no idempotency key, which the document cannot say of a header that is required otherwise."""
    return "Idempotency-Key" in str(check.failure_info.failure.message) and "preview=true" in check.failure_info.code_sample


def _told(recorder, case_id, check):
    interaction = recorder.interactions.get(case_id)
    answer = interaction.response if interaction is not None else None
    shown = f"{answer.status_code} {answer.content[:400]}" if answer is not None else "no answer"
    failure = check.failure_info.failure
    return f"{recorder.label}: {check.name}: {failure.title}: {failure.message}\n{check.failure_info.code_sample}\n{shown}"
