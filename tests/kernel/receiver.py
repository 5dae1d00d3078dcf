"""A receiver of webhooks on this machine, and a desk at which notes are written that it hears of."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

from standardwebhooks import Webhook

from kassa.kernel.database import Write
from kassa.kernel.flush import write_alone
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.worker import Worker

ENTITY = "01a1f900-0000-7000-8000-000000000001"


class Receiver:
    """Listens at a port of its own. `answer` is a status, or a function of the handler that answers by itself.

    `bad` holds the subjects of events that it refuses with 500, `got` the requests that it took: path, headers, body.
    """

    def __init__(self):
        self.answer = 200
        self.bad = set()
        self.got = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.respond(self, body)

            def log_message(self, *arguments):
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def url(self):
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}/hook?shop=1"

    def respond(self, handler, body):
        """Keep a request and answer it."""
        self.got.append((handler.path, dict(handler.headers), body))
        if callable(self.answer):
            self.answer(handler)
            return
        refused = json.loads(body)["subject"] in self.bad
        text = b"not today\x1b[31m\n" if refused else b"thanks"
        handler.send_response(500 if refused else self.answer)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    @property
    def events(self):
        """What it got, as JSON."""
        return [json.loads(body) for _, _, body in self.got]

    def verified(self, secret):
        """Verify each signature with a secret and give the events; raises where one does not fit."""
        return [Webhook(secret).verify(body, headers) for _, headers, body in self.got]

    def close(self):
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Desk:
    """An engine with the notebook that may send to this machine, and one who writes notes."""

    def __init__(self, engine, anna):
        self.engine, self.anna, self.keys = engine, anna, 0
        self.do("settings.change", name="webhooks.private_targets", level="installation", value="true")

    def do(self, operation, *, actor=SYSTEM, entity=ENTITY, **command):
        """Perform an operation and give its answer."""
        return self.engine.perform(operation, command, actor=actor, legal_entity_id=entity).body

    def hook(self, receiver, *types, **more):
        """Make a webhook; its id and secret."""
        made = self.do("webhooks.create", name="Shop", url=receiver.url, types=list(types or ("notebook.*",)), **more)
        return SimpleNamespace(id=made["id"], secret=made["secret"])

    def write(self, text="Hello", actor=None):
        """Write a note; its id."""
        self.keys += 1
        return self.engine.perform("notebook.write", {"text": text}, actor=actor or self.anna, key=f"key {self.keys}").body["id"]

    def tear(self, note):
        """Tear a note out."""
        self.engine.perform("notebook.tear", {"note": note}, actor=self.anna, key=f"tear {note}")

    def work(self):
        """Do all that is due; how many deliveries were tried."""
        return Worker(self.engine, "test").once().deliveries

    def due_again(self):
        """Let the time pass after which is tried again."""
        statements = ("UPDATE kernel_webhook_delivery SET run_after = 0, lease_until = 0", "UPDATE kernel_webhook SET run_after = 0")
        write_alone(self.engine.database, [Write(statement, ()) for statement in statements])

    def deliveries(self, hook, **asked):
        """The deliveries of a webhook, the oldest first."""
        return self.do("webhooks.deliveries", webhook=hook.id, **asked)["items"][::-1]

    def attempts(self, hook, place=0):
        """The attempts of one delivery, the oldest first."""
        found = self.deliveries(hook)[place]
        return self.do("webhooks.delivery", webhook=hook.id, delivery=found["id"])["attempts"][::-1]

    def shown(self, hook):
        """The webhook as it is shown."""
        return self.do("webhooks.read", webhook=hook.id)
