"""Services: one active provider for each port, chosen by configuration or by default."""

from types import SimpleNamespace

import pytest

from kassa.kernel import contributions as give
from kassa.kernel.engine import Engine
from kassa.kernel.errors import PluginError, StartupError, Unavailable
from kassa.kernel.plugins import hookimpl


def plugin(*services):
    @hookimpl
    def register_services():
        return services

    return SimpleNamespace(register_services=register_services)


def service(name, provider=object, port="post", default=False):
    return give.Service(name=name, port=port, provider=provider, summary="Carries letters", default=default)


@pytest.fixture
def services(kernel_alone, tmp_path):
    """Opens the services of an engine with some plugins; no database is touched."""

    def open_with(modules, **options):
        return Engine.open(f"sqlite:///{tmp_path}/none.db", modules=modules, **options).services

    return open_with


def test_a_single_provider_is_active_and_made_once(services):
    made = services({"pigeon": plugin(service("pigeon.post"))})
    assert made.provider("post") is made.provider("post")
    assert made.chosen() == {"post": "pigeon.post"}


def test_the_default_is_active_where_there_are_several(services):
    modules = {
        "pigeon": plugin(service("pigeon.post", lambda: "pigeon", default=True)),
        "horse": plugin(service("horse.post", lambda: "horse")),
    }
    assert services(modules).provider("post") == "pigeon"


def test_configuration_chooses(services):
    modules = {
        "pigeon": plugin(service("pigeon.post", lambda: "pigeon", default=True)),
        "horse": plugin(service("horse.post", lambda: "horse")),
    }
    assert services(modules, providers={"post": "horse.post"}).provider("post") == "horse"


@pytest.mark.parametrize("defaults", [(False, False), (True, True)])
def test_no_clear_choice_stops_the_start(services, defaults):
    modules = {"pigeon": plugin(service("pigeon.post", default=defaults[0])), "horse": plugin(service("horse.post", default=defaults[1]))}
    with pytest.raises(StartupError, match=r"horse\.post, pigeon\.post"):
        services(modules)


def test_a_configured_provider_must_be_there(services):
    with pytest.raises(StartupError, match=r"'horse\.post', which is not enabled"):
        services({"pigeon": plugin(service("pigeon.post"))}, providers={"post": "horse.post"})
    with pytest.raises(StartupError, match="No plugin provides the port 'ship'"):
        services({"pigeon": plugin(service("pigeon.post"))}, providers={"ship": "horse.post"})


def test_a_port_without_provider_is_unavailable(services):
    with pytest.raises(Unavailable, match="Nothing provides 'ship' here"):
        services({}).provider("ship")


def test_a_provider_that_cannot_be_made_is_laid_at_its_plugin(services):
    def fail():
        raise OSError("no horse")

    with pytest.raises(PluginError, match=r'"horse" failed in "horse\.post"'):
        services({"horse": plugin(service("horse.post", fail))}).provider("post")


def test_tests_put_another_in_its_place(services):
    made = services({"pigeon": plugin(service("pigeon.post", lambda: "pigeon"))})
    made.replace("post", "fake")
    assert made.provider("post") == "fake"
    made.replace("post", None)
    assert made.provider("post") == "pigeon"
