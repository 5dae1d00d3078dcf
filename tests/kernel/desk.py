"""A desk at which notes are written that webhooks hear of."""

from types import SimpleNamespace

from kassa.kernel.database import Write
from kassa.kernel.flush import write_alone
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.worker import Worker

ENTITY = "01a1f900-0000-7000-8000-000000000001"


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
