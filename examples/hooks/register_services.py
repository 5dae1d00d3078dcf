"""A port to the loudspeaker of the shop, and a provider of it that only takes note; `prepare` of an operation would call it."""

from kassa import Service, hookimpl


class Silence:
    """A loudspeaker that nobody hears."""

    def __init__(self):
        self.announced = []

    def announce(self, text):
        self.announced.append(text)


@hookimpl
def register_services():
    return [
        Service(name="bell.silence", port="bell.loudspeaker", provider=Silence, summary="A loudspeaker that nobody hears", default=True)
    ]
