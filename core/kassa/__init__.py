"""Kassa: a plugin-based, headless commerce engine.

The names below are what an author of an extension imports; nothing else is public. They are loaded at first use, so that
importing `kassa` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kassa.version import __version__

_NAMES: dict[str, tuple[str, ...]] = {
    "kassa.kernel.clock": ("add_days", "days_between"),
    "kassa.kernel.plugins": ("hookimpl", "hookspec"),
    "kassa.kernel.contributions": (
        "Balance", "Decision", "Definition", "DocumentKind", "ErrorCode", "EventType", "Extension", "Http", "Invariant",
        "JobKind", "Link", "Listener", "Loader", "NumberSeries", "Operation", "Permission", "Report", "Role", "Rule", "Schedule",
        "Service", "SettingDefinition", "Storage", "Transition",
    ),
    "kassa.kernel.tables": ("Date", "Flag", "Id", "Integer", "Table", "Text", "document_reference"),
    "kassa.kernel.plan": (
        "Bulk", "Claim", "Document", "Event", "Key", "NewDocument", "NextStep", "Require", "Row", "StateChange", "key_place",
    ),
    "kassa.kernel.stages": ("Facts",),
    "kassa.kernel.context": ("Context",),
    "kassa.kernel.database": ("Reader",),
    "kassa.kernel.engine": ("Engine", "Outcome"),
    "kassa.kernel.permissions": ("Actor", "SYSTEM"),
    "kassa.kernel.operations": ("PageRequest", "Result", "cursor_of", "page", "page_of", "read_cursor"),
    "kassa.kernel.jobs": ("Chunk", "ChunkDone", "ItemResult", "JobView", "Runner", "each", "start"),
    "kassa.kernel.migrations": ("ddl_migration",),
    "kassa.kernel.errors": (
        "AmbiguousKey", "Conflict", "InvalidInput", "Issue", "KassaError", "NotFound", "NotPermitted", "PluginError",
        "PreconditionFailed", "Refused", "StartupError", "Unavailable",
    ),
    "kassa.kernel.extensions": ("Extended",),
    "kassa.kernel.frozen": ("evolve",),
    "kassa.kernel.values": (
        "Micro", "Minor", "Money", "Thousandths", "allocate", "currency", "derived_id", "format_scaled", "line_amount", "new_id",
        "parse_scaled", "percent_of", "round_half_up", "share",
    ),
    "kassa.kernel.keys": ("numbers_of",),
    "kassa.kernel": ("schema",),
    "kassa.org.documents": (
        "FulfilmentLocation", "HierarchyPurpose", "LegalEntity", "ReasonCode", "ReasonPurpose", "ReturnPlace", "Store",
        "Warehouse",
    ),
    "kassa.org.hierarchy": ("Hierarchy", "Node", "Tree"),
    "kassa.org.distance": ("distance",),
    "kassa.org.messages.scalars": ("Address", "Coordinates"),
    "kassa.org.facts": (
        "acting_store", "fulfilment_locations", "hierarchies", "hierarchy", "legal_entity", "nodes_above", "reason_code",
        "return_place", "store", "stores_below", "stores_near", "today", "warehouse",
    ),
    "kassa.org.editing": ("check_seen", "given", "left_out", "taken"),
    "kassa.catalog.documents": ("Product",),
    "kassa.catalog.facts": ("lowest_prices", "prices", "product", "products", "return_policy"),
    "kassa.catalog.search": ("SearchDecorator", "SearchScope"),
    "kassa.parties.facts": ("customer", "customers"),
    "kassa.parties.documents": ("Customer",),
    "kassa.ledger.documents": (
        "AccountRole", "Books", "ChartAccount", "DimensionName", "DimensionSet", "Entry", "Journal", "JournalLine", "OpenBalance",
        "OpenItem", "Pair", "Settle", "Voucher", "dimension_set",
    ),
    "kassa.ledger.dimensions": ("dimensions_of",),
    "kassa.ledger.facts": ("open_items",),
    "kassa.ledger.postings": ("Booking", "settle"),
    "kassa.ledger.reversing": ("Reversible", "reversal_of"),
    "kassa.stock.documents": ("Lot", "OnHand", "StockStep"),
    "kassa.stock.documents.costs": ("CostOffset",),
    "kassa.stock.facts": ("lots",),
    "kassa.stock.movements": ("advance_lot", "move", "split_lot"),
    "kassa.payments.documents": ("AllowedRefund", "AppliedDeposit", "Payment", "PaymentSource", "SettledItem", "TenderType"),
    "kassa.payments.processor": ("Answer", "Processor", "ProcessorDown"),
    "kassa.sales.documents": (
        "Charge", "ChargeCode", "Invoice", "InvoiceLine", "OrderType", "PackingSlip", "PackingSlipLine", "SalesLine",
        "SalesOrder", "Source", "Treatment",
    ),
    "kassa.sales.sources": ("find_sources", "load_sources", "released"),
    "kassa.sales.splitting": ("SplitLine", "split_line"),
    "kassa.sales.changing": ("Stored", "change_order", "reduced"),
    "kassa.sales.facts": ("find_document", "orders"),
    "kassa.sales.charging": ("charge_codes",),
    "kassa.sales.deposits": ("unbilled",),
    "kassa.sales.messages": (
        "ChargeReference", "ChargeRequest", "CreateOrder", "LineRequest", "OrderView", "SaleView", "SourceRequest",
        "TenderRequest",
    ),
    "kassa.sales.selling": ("HandedOver", "hand_over"),
    "kassa.sales.ordering": ("build_order",),
    "kassa.sales.views": ("order_view", "sale_view"),
    "kassa.sales.store": ("load_orders",),
    "kassa.sales.importing.sharing": (
        "Cancellation", "ImportBatch", "ImportSales", "SalesLineRow", "create_missing", "post_imported_order", "read_import",
    ),
    "kassa.payables.documents": (
        "BalanceTransfer", "BankBatch", "BankFile", "BankFileProvider", "BankPayment", "PaymentRun", "VendorInvoice",
        "VendorInvoiceLine", "VendorPayment",
    ),
}  # fmt: skip
_MODULES = {name: module for module, names in _NAMES.items() for name in names}

__all__ = ["__version__", *sorted(_MODULES)]

if TYPE_CHECKING:
    from kassa.catalog.documents import Product as Product
    from kassa.catalog.facts import lowest_prices as lowest_prices
    from kassa.catalog.facts import prices as prices
    from kassa.catalog.facts import product as product
    from kassa.catalog.facts import products as products
    from kassa.catalog.facts import return_policy as return_policy
    from kassa.catalog.search import SearchDecorator as SearchDecorator
    from kassa.catalog.search import SearchScope as SearchScope
    from kassa.kernel import schema as schema
    from kassa.kernel.clock import add_days as add_days
    from kassa.kernel.clock import days_between as days_between
    from kassa.kernel.context import Context as Context
    from kassa.kernel.contributions import Balance as Balance
    from kassa.kernel.contributions import Decision as Decision
    from kassa.kernel.contributions import Definition as Definition
    from kassa.kernel.contributions import DocumentKind as DocumentKind
    from kassa.kernel.contributions import ErrorCode as ErrorCode
    from kassa.kernel.contributions import EventType as EventType
    from kassa.kernel.contributions import Extension as Extension
    from kassa.kernel.contributions import Http as Http
    from kassa.kernel.contributions import Invariant as Invariant
    from kassa.kernel.contributions import JobKind as JobKind
    from kassa.kernel.contributions import Link as Link
    from kassa.kernel.contributions import Listener as Listener
    from kassa.kernel.contributions import Loader as Loader
    from kassa.kernel.contributions import NumberSeries as NumberSeries
    from kassa.kernel.contributions import Operation as Operation
    from kassa.kernel.contributions import Permission as Permission
    from kassa.kernel.contributions import Report as Report
    from kassa.kernel.contributions import Role as Role
    from kassa.kernel.contributions import Rule as Rule
    from kassa.kernel.contributions import Schedule as Schedule
    from kassa.kernel.contributions import Service as Service
    from kassa.kernel.contributions import SettingDefinition as SettingDefinition
    from kassa.kernel.contributions import Storage as Storage
    from kassa.kernel.contributions import Transition as Transition
    from kassa.kernel.database import Reader as Reader
    from kassa.kernel.engine import Engine as Engine
    from kassa.kernel.engine import Outcome as Outcome
    from kassa.kernel.errors import AmbiguousKey as AmbiguousKey
    from kassa.kernel.errors import Conflict as Conflict
    from kassa.kernel.errors import InvalidInput as InvalidInput
    from kassa.kernel.errors import Issue as Issue
    from kassa.kernel.errors import KassaError as KassaError
    from kassa.kernel.errors import NotFound as NotFound
    from kassa.kernel.errors import NotPermitted as NotPermitted
    from kassa.kernel.errors import PluginError as PluginError
    from kassa.kernel.errors import PreconditionFailed as PreconditionFailed
    from kassa.kernel.errors import Refused as Refused
    from kassa.kernel.errors import StartupError as StartupError
    from kassa.kernel.errors import Unavailable as Unavailable
    from kassa.kernel.extensions import Extended as Extended
    from kassa.kernel.frozen import evolve as evolve
    from kassa.kernel.jobs import Chunk as Chunk
    from kassa.kernel.jobs import ChunkDone as ChunkDone
    from kassa.kernel.jobs import ItemResult as ItemResult
    from kassa.kernel.jobs import JobView as JobView
    from kassa.kernel.jobs import Runner as Runner
    from kassa.kernel.jobs import each as each
    from kassa.kernel.jobs import start as start
    from kassa.kernel.keys import numbers_of as numbers_of
    from kassa.kernel.migrations import ddl_migration as ddl_migration
    from kassa.kernel.operations import PageRequest as PageRequest
    from kassa.kernel.operations import Result as Result
    from kassa.kernel.operations import cursor_of as cursor_of
    from kassa.kernel.operations import page as page
    from kassa.kernel.operations import page_of as page_of
    from kassa.kernel.operations import read_cursor as read_cursor
    from kassa.kernel.permissions import SYSTEM as SYSTEM
    from kassa.kernel.permissions import Actor as Actor
    from kassa.kernel.plan import Bulk as Bulk
    from kassa.kernel.plan import Claim as Claim
    from kassa.kernel.plan import Document as Document
    from kassa.kernel.plan import Event as Event
    from kassa.kernel.plan import Key as Key
    from kassa.kernel.plan import NewDocument as NewDocument
    from kassa.kernel.plan import NextStep as NextStep
    from kassa.kernel.plan import Require as Require
    from kassa.kernel.plan import Row as Row
    from kassa.kernel.plan import StateChange as StateChange
    from kassa.kernel.plan import key_place as key_place
    from kassa.kernel.plugins import hookimpl as hookimpl
    from kassa.kernel.plugins import hookspec as hookspec
    from kassa.kernel.stages import Facts as Facts
    from kassa.kernel.tables import Date as Date
    from kassa.kernel.tables import Flag as Flag
    from kassa.kernel.tables import Id as Id
    from kassa.kernel.tables import Integer as Integer
    from kassa.kernel.tables import Table as Table
    from kassa.kernel.tables import Text as Text
    from kassa.kernel.tables import document_reference as document_reference
    from kassa.kernel.values import Micro as Micro
    from kassa.kernel.values import Minor as Minor
    from kassa.kernel.values import Money as Money
    from kassa.kernel.values import Thousandths as Thousandths
    from kassa.kernel.values import allocate as allocate
    from kassa.kernel.values import currency as currency
    from kassa.kernel.values import derived_id as derived_id
    from kassa.kernel.values import format_scaled as format_scaled
    from kassa.kernel.values import line_amount as line_amount
    from kassa.kernel.values import new_id as new_id
    from kassa.kernel.values import parse_scaled as parse_scaled
    from kassa.kernel.values import percent_of as percent_of
    from kassa.kernel.values import round_half_up as round_half_up
    from kassa.kernel.values import share as share
    from kassa.ledger.dimensions import dimensions_of as dimensions_of
    from kassa.ledger.documents import AccountRole as AccountRole
    from kassa.ledger.documents import Books as Books
    from kassa.ledger.documents import ChartAccount as ChartAccount
    from kassa.ledger.documents import DimensionName as DimensionName
    from kassa.ledger.documents import DimensionSet as DimensionSet
    from kassa.ledger.documents import Entry as Entry
    from kassa.ledger.documents import Journal as Journal
    from kassa.ledger.documents import JournalLine as JournalLine
    from kassa.ledger.documents import OpenBalance as OpenBalance
    from kassa.ledger.documents import OpenItem as OpenItem
    from kassa.ledger.documents import Pair as Pair
    from kassa.ledger.documents import Settle as Settle
    from kassa.ledger.documents import Voucher as Voucher
    from kassa.ledger.documents import dimension_set as dimension_set
    from kassa.ledger.facts import open_items as open_items
    from kassa.ledger.postings import Booking as Booking
    from kassa.ledger.postings import settle as settle
    from kassa.ledger.reversing import Reversible as Reversible
    from kassa.ledger.reversing import reversal_of as reversal_of
    from kassa.org.distance import distance as distance
    from kassa.org.documents import FulfilmentLocation as FulfilmentLocation
    from kassa.org.documents import HierarchyPurpose as HierarchyPurpose
    from kassa.org.documents import LegalEntity as LegalEntity
    from kassa.org.documents import ReasonCode as ReasonCode
    from kassa.org.documents import ReasonPurpose as ReasonPurpose
    from kassa.org.documents import ReturnPlace as ReturnPlace
    from kassa.org.documents import Store as Store
    from kassa.org.documents import Warehouse as Warehouse
    from kassa.org.editing import check_seen as check_seen
    from kassa.org.editing import given as given
    from kassa.org.editing import left_out as left_out
    from kassa.org.editing import taken as taken
    from kassa.org.facts import acting_store as acting_store
    from kassa.org.facts import fulfilment_locations as fulfilment_locations
    from kassa.org.facts import hierarchies as hierarchies
    from kassa.org.facts import hierarchy as hierarchy
    from kassa.org.facts import legal_entity as legal_entity
    from kassa.org.facts import nodes_above as nodes_above
    from kassa.org.facts import reason_code as reason_code
    from kassa.org.facts import return_place as return_place
    from kassa.org.facts import store as store
    from kassa.org.facts import stores_below as stores_below
    from kassa.org.facts import stores_near as stores_near
    from kassa.org.facts import today as today
    from kassa.org.facts import warehouse as warehouse
    from kassa.org.hierarchy import Hierarchy as Hierarchy
    from kassa.org.hierarchy import Node as Node
    from kassa.org.hierarchy import Tree as Tree
    from kassa.org.messages.scalars import Address as Address
    from kassa.org.messages.scalars import Coordinates as Coordinates
    from kassa.parties.documents import Customer as Customer
    from kassa.parties.facts import customer as customer
    from kassa.parties.facts import customers as customers
    from kassa.payables.documents import BalanceTransfer as BalanceTransfer
    from kassa.payables.documents import BankBatch as BankBatch
    from kassa.payables.documents import BankFile as BankFile
    from kassa.payables.documents import BankFileProvider as BankFileProvider
    from kassa.payables.documents import BankPayment as BankPayment
    from kassa.payables.documents import PaymentRun as PaymentRun
    from kassa.payables.documents import VendorInvoice as VendorInvoice
    from kassa.payables.documents import VendorInvoiceLine as VendorInvoiceLine
    from kassa.payables.documents import VendorPayment as VendorPayment
    from kassa.payments.documents import AllowedRefund as AllowedRefund
    from kassa.payments.documents import AppliedDeposit as AppliedDeposit
    from kassa.payments.documents import Payment as Payment
    from kassa.payments.documents import PaymentSource as PaymentSource
    from kassa.payments.documents import SettledItem as SettledItem
    from kassa.payments.documents import TenderType as TenderType
    from kassa.payments.processor import Answer as Answer
    from kassa.payments.processor import Processor as Processor
    from kassa.payments.processor import ProcessorDown as ProcessorDown
    from kassa.sales.changing import Stored as Stored
    from kassa.sales.changing import change_order as change_order
    from kassa.sales.changing import reduced as reduced
    from kassa.sales.charging import charge_codes as charge_codes
    from kassa.sales.deposits import unbilled as unbilled
    from kassa.sales.documents import Charge as Charge
    from kassa.sales.documents import ChargeCode as ChargeCode
    from kassa.sales.documents import Invoice as Invoice
    from kassa.sales.documents import InvoiceLine as InvoiceLine
    from kassa.sales.documents import OrderType as OrderType
    from kassa.sales.documents import PackingSlip as PackingSlip
    from kassa.sales.documents import PackingSlipLine as PackingSlipLine
    from kassa.sales.documents import SalesLine as SalesLine
    from kassa.sales.documents import SalesOrder as SalesOrder
    from kassa.sales.documents import Source as Source
    from kassa.sales.documents import Treatment as Treatment
    from kassa.sales.facts import find_document as find_document
    from kassa.sales.facts import orders as orders
    from kassa.sales.importing.sharing import Cancellation as Cancellation
    from kassa.sales.importing.sharing import ImportBatch as ImportBatch
    from kassa.sales.importing.sharing import ImportSales as ImportSales
    from kassa.sales.importing.sharing import SalesLineRow as SalesLineRow
    from kassa.sales.importing.sharing import create_missing as create_missing
    from kassa.sales.importing.sharing import post_imported_order as post_imported_order
    from kassa.sales.importing.sharing import read_import as read_import
    from kassa.sales.messages import ChargeReference as ChargeReference
    from kassa.sales.messages import ChargeRequest as ChargeRequest
    from kassa.sales.messages import CreateOrder as CreateOrder
    from kassa.sales.messages import LineRequest as LineRequest
    from kassa.sales.messages import OrderView as OrderView
    from kassa.sales.messages import SaleView as SaleView
    from kassa.sales.messages import SourceRequest as SourceRequest
    from kassa.sales.messages import TenderRequest as TenderRequest
    from kassa.sales.ordering import build_order as build_order
    from kassa.sales.selling import HandedOver as HandedOver
    from kassa.sales.selling import hand_over as hand_over
    from kassa.sales.sources import find_sources as find_sources
    from kassa.sales.sources import load_sources as load_sources
    from kassa.sales.sources import released as released
    from kassa.sales.splitting import SplitLine as SplitLine
    from kassa.sales.splitting import split_line as split_line
    from kassa.sales.store import load_orders as load_orders
    from kassa.sales.views import order_view as order_view
    from kassa.sales.views import sale_view as sale_view
    from kassa.stock.documents import Lot as Lot
    from kassa.stock.documents import OnHand as OnHand
    from kassa.stock.documents import StockStep as StockStep
    from kassa.stock.documents.costs import CostOffset as CostOffset
    from kassa.stock.facts import lots as lots
    from kassa.stock.movements import advance_lot as advance_lot
    from kassa.stock.movements import move as move
    from kassa.stock.movements import split_lot as split_lot


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'kassa' has no public name {name!r}")
    value = getattr(import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
