"""How loud the bell is, who may silence it, and what the refusal is called when somebody else tries."""

from kassa import ErrorCode, Permission, Role, SettingDefinition, hookimpl


@hookimpl
def register_definitions():
    return [
        SettingDefinition(name="bell.volume", summary="How loud the bell is.", type="int", default=5, minimum=0, maximum=10),
        Permission(name="bell.silence", summary="Silence the bell"),
        Role(name="bell.store_manager", role="store_manager", summary="Silences the bell", permissions=("bell.silence",)),
        ErrorCode(code="BELL_SILENT", title="The bell is silent", meaning="Its volume is 0.", action="Turn it up."),
    ]
