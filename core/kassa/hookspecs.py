"""Every hook and its contract, and nothing else.

Common to all hooks, stated once:

* Kind: registration. Each is called once, at start-up, before the first operation; never again, and never per request.
* Arguments: none. An implementation is a plain function of the plugin's `hooks` module, marked with `hookimpl`.
* Return: an iterable of frozen values from `kassa`; None and an empty iterable both mean "nothing". Answers of several
  plugins add up; the same name twice is refused at start-up, naming both owners.
* Purity: no database, no clock, no settings; called twice it returns equal values.
* Transaction: none is open, no lock is held.
* Errors: whatever is raised stops the start-up with the plugin's name; nothing has been written then.
* Order: the core sorts by name. Nothing may rely on the order of registration or of plugins.
* Names: what a plugin contributes carries its name as prefix (`loyalty.points`, table `loyalty_card`).
* Since hook API 1; a later version warns for one minor release before it takes anything away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kassa.kernel.plugins import hookspec

if TYPE_CHECKING:
    from kassa.kernel import contributions as give


@hookspec
def register_storage() -> Iterable[give.Storage | give.Balance | give.Invariant | give.Lowering]:
    """Contribute tables with the folder of their migrations, guarded balances, and invariants for `kassa verify`.

    Tables carry the plugin's prefix; migrations are applied by `kassa migrate`, never while serving. A balance is changed by
    claims alone. An invariant reads and names offending rows; it must be silent on a healthy database. Lowerings are the
    core's own.
    """


@hookspec
def register_documents() -> Iterable[give.DocumentKind | give.Definition | give.Extension | give.Link]:
    """Contribute document kinds with their states and transitions, order types, extension fields, and links between documents.

    From a kind come its ETag, its place in the list of actions, its audit and its evidence. Rows that `rows` returns must be
    those that `load` reads back. States are plain words; a transition that nobody declares cannot happen. An extension adds a
    frozen class of fields to a record of the core; the core takes it from requests, keeps it with the record and shows it, and a
    rule reads it by `record.ext(…)`. By links the core finds which documents belong together, for the story of one.
    """


@hookspec
def register_definitions() -> Iterable[
    give.Definition | give.SettingDefinition | give.Permission | give.Role | give.NumberSeries | give.ErrorCode
]:
    """Contribute settings, permissions and roles, account roles, number series, charge codes, tender types, error codes.

    These are vocabulary, not behaviour: nothing is called. A setting without a valid default is refused.
    """


@hookspec
def register_rules() -> Iterable[give.Loader | give.Rule]:
    """Contribute loaders, checks and computations for a transition of a document kind, each in one stage.

    Loaders may read (through the reader that they are given) and are called once a batch. Rules are pure, are called once a
    document and possibly again (preview, lost races). A check returns issues and never raises; a computation returns effects.
    Afterwards the core checks that every voucher sums to 0 in minor units (debit positive), that accounts and periods are
    open and that claims are within their bounds.
    """


@hookspec
def register_decisions() -> Iterable[give.Question | give.Decision]:
    """Answer a question that has one owner, such as the price of a line or the tax of it.

    An answer of None passes the question on; the core answers last. Two plugins that answer the same question for the same
    document stop the operation with an error that names both.
    """


@hookspec
def register_operations() -> Iterable[give.Operation | give.Definition]:
    """Contribute verbs: what hosts mount, the command line calls and other plugins use by `context.call`.

    A handler plans and returns; it never writes. An operation whose `needs` names a plugin that is not enabled is absent, and
    the root of the API says why. Also search scopes and decorators, which narrow the search for products and say more of what
    it found; both are called while planning, once a search, and only read.
    """


@hookspec
def register_services() -> Iterable[give.Service]:
    """Contribute ports to the outside world and providers of them; called in `prepare`, before any snapshot is opened."""


@hookspec
def register_events() -> Iterable[give.EventType | give.Listener]:
    """Contribute business facts and listeners; a listener runs after commit, at least once, and cannot undo anything."""


@hookspec
def register_jobs() -> Iterable[give.JobKind | give.Schedule]:
    """Contribute long work in chunks, and schedules; a chunk and its cursor are committed together, so a killed job goes on where it was.

    A schedule names an operation that posts, and when it is performed unless an installation says otherwise; a time that was missed
    is made up for once.
    """


@hookspec
def register_reports() -> Iterable[give.Report]:
    """Contribute read-only tables, offered as table, CSV and JSON by the command line and the hosts."""
