"""A till in a process of its own: opens the installation, waits for the signal, sells as often as told, and says what came of it."""

import json
import sys

from kassa.kernel.engine import Engine
from kassa.kernel.errors import KassaError
from kassa.kernel.permissions import SYSTEM


def tell(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Read what to do from the first line, answer `ready`, begin with the second line, print one JSON line of answers."""
    told = json.loads(sys.stdin.readline())
    engine = Engine.open(told["url"], modules={})
    tell("ready")
    sys.stdin.readline()
    answers = []
    for key in told["keys"]:
        try:
            outcome = engine.perform("sales.sell", told["command"], actor=SYSTEM, key=key, legal_entity_id=told["entity"])
            answers.append([outcome.status, outcome.body["number"]])
        except KassaError as error:
            answers.append([error.status, error.code])
    engine.close()
    tell(json.dumps(answers))


if __name__ == "__main__":
    main()
