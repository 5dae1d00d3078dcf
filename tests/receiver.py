"""A receiver of webhooks on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook


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
