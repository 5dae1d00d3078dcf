"""Tells how loud the bell is in a store: a read that hosts mount at GET /v1/bell/volume."""

import attrs

from kassa import Http, Operation, SettingDefinition, hookimpl


@attrs.frozen(kw_only=True)
class ReadVolume:
    """Asks how loud the bell is here."""


@attrs.frozen(kw_only=True)
class VolumeView:
    """How loud the bell is, from 0 to 10."""

    volume: int


def read_volume(command, context):
    return VolumeView(volume=context.setting("bell.volume", store_id=context.actor.store_id))


@hookimpl
def register_definitions():
    return [SettingDefinition(name="bell.volume", summary="How loud the bell is.", type="int", default=5, minimum=0, maximum=10)]


@hookimpl
def register_operations():
    return [
        Operation(
            name="bell.read_volume", summary="Read the volume", effect="read", http=Http(method="GET", path="/bell/volume"),
            request=ReadVolume, response=VolumeView, permission=None, handler=read_volume,
        )
    ]  # fmt: skip
