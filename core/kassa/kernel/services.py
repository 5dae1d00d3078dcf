"""Services: named ports to the outside world, each with one active provider.

A port is chosen by configuration, else by the provider that calls itself the default, else it is the only one. A provider is
made at its first use and kept.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kassa.kernel.contributions import Service
from kassa.kernel.errors import KassaError, PluginError, StartupError, Unavailable

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry


class Services:
    """The active provider of each port of one installation."""

    def __init__(self, registry: Registry, active: Mapping[str, str] | None = None) -> None:
        """Choose a provider for each port; `active` names providers by port. StartupError where the choice is not clear."""
        self._registry = registry
        self._replaced: dict[str, Any] = {}
        self._made: dict[str, Any] = {}
        self._guard = threading.Lock()
        ports: dict[str, list[Service]] = {}
        for service in registry.all(Service):
            ports.setdefault(service.port, []).append(service)
        wanted = dict(active or {})
        unknown = sorted(set(wanted) - set(ports))
        if unknown:
            raise StartupError(
                f"No plugin provides the port {unknown[0]!r}, for which {wanted[unknown[0]]!r} is configured. {_ports(ports)}"
            )
        self._chosen: dict[str, Service] = {port: _choose(port, found, wanted.get(port)) for port, found in ports.items()}

    def provider(self, port: str) -> Any:
        """Give the active provider of a port; Unavailable where no enabled plugin provides it, PluginError where it cannot be made."""
        if port in self._replaced:
            return self._replaced[port]
        chosen = self._chosen.get(port)
        if chosen is None:
            raise Unavailable(f"Nothing provides {port!r} here. Enable a plugin that does. {_ports(self._chosen)}")
        with self._guard:
            if port not in self._made:
                self._made[port] = self._make(chosen)
            return self._made[port]

    def _make(self, service: Service) -> Any:
        try:
            return service.provider()
        except KassaError:
            raise
        except Exception as error:
            raise PluginError(self._registry.owner(Service, service.name).name, service.name, error) from error

    def replace(self, port: str, provider: Any) -> None:
        """Put an object in the place of a port's provider, as tests do; None brings the configured one back."""
        if provider is None:
            self._replaced.pop(port, None)
        else:
            self._replaced[port] = provider

    def chosen(self) -> Mapping[str, str]:
        """Name the active provider of each port, for reports."""
        return {port: service.name for port, service in sorted(self._chosen.items())}


def _ports(ports: Mapping[str, Any]) -> str:
    return f"The ports are: {', '.join(sorted(ports))}." if ports else "No enabled plugin provides any port."


def _choose(port: str, found: list[Service], wanted: str | None) -> Service:
    names = ", ".join(service.name for service in found)
    if wanted is not None:
        for service in found:
            if service.name == wanted:
                return service
        raise StartupError(
            f"The port {port!r} is configured to be provided by {wanted!r}, which is not enabled. Its providers are: {names}."
        )
    defaults = found if len(found) == 1 else [service for service in found if service.default]
    if len(defaults) != 1:
        raise StartupError(f"The port {port!r} has several providers ({names}) and not one default. Configure which of them is active.")
    return defaults[0]
