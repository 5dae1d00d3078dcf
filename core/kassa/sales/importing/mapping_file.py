"""Reads a mapping from TOML and checks it as a whole before a row is read: every finding at once, each with its place."""

import codecs
import hashlib
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from kassa.kernel.clock import time_zone
from kassa.kernel.errors import InvalidInput, UnreadableInput
from kassa.kernel.values import MICRO, RATE_PLACES, Micro, currency, parse_scaled
from kassa.sales.importing.documents import GOODS
from kassa.sales.importing.mapping import (
    AS_IS,
    CORRECTION,
    FREE,
    HALF_UP,
    KEEP,
    LOWER,
    REJECT,
    UPPER,
    Columns,
    Countries,
    DocumentRules,
    FileFormat,
    PriceZeroRules,
    SalesMapping,
    Service,
    in_case,
)
from kassa.sales.importing.tables import Findings, TomlTable

MAPPING_FORMAT = 1
_SERVICE_KIND = re.compile(r"[a-z][a-z0-9_]*")
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_PROBE_INSTANT = datetime(2011, 12, 25, 13, 14, 15, tzinfo=UTC)


def read_mapping(path: Path) -> SalesMapping:
    """The mapping of a TOML file; `UnreadableInput` if it cannot be read, `InvalidInput` with every finding if it is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f'the mapping "{path}" cannot be read: {error}; name a TOML file in UTF-8') from error
    return parse_mapping(text, name=str(path))


def parse_mapping(text: str, *, name: str = "mapping") -> SalesMapping:
    """The mapping of a TOML text; `InvalidInput` carries every finding with its place."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableInput(f'the mapping "{name}" is no TOML: {error}; correct it there') from error
    findings = Findings()
    mapping = _mapping(TomlTable(data, "", findings), hashlib.sha256(text.encode()).hexdigest())
    if findings.issues:
        listed = "; ".join(f"{issue.pointer}: {issue.message}" for issue in findings.issues)
        raise InvalidInput(f'the mapping "{name}" is wrong in {len(findings.issues)} places: {listed}', issues=findings.issues)
    return mapping


def _mapping(table: TomlTable, fingerprint: str) -> SalesMapping:
    """The whole document."""
    if (given := table.integer("format", default=0, minimum=0, maximum=10**6)) != MAPPING_FORMAT:
        table.findings.add("IMPORT_MAPPING_FORMAT", "/format", f"this version reads format = {MAPPING_FORMAT}, got {given}", got=given)
    source = table.text("source")
    if source and not _SOURCE.fullmatch(source):
        table.findings.add("IMPORT_MAPPING_VALUE", "/source", f'a source is letters, digits, "_", "-" and ".", got "{source}"', got=source)
    legal_entity, store, tax_code = table.text("legal_entity"), table.text("store"), table.text("tax_code")
    code = table.text("currency")
    columns = _columns(table.table("columns", required=True))
    amounts = table.table("amounts")
    rounding = amounts.choice("rounding", (HALF_UP, REJECT), default=HALF_UP)
    amounts.close()
    products, payments = table.table("products"), table.table("payments")
    cost_share = _share(products, "cost_share")
    price_list = products.text("price_list") if products.has("price_list") else None
    item_model_group = products.text("item_model_group") if products.has("item_model_group") else None
    tender = payments.text("tender") if payments.has("tender") else None
    products.close()
    payments.close()
    mapping = SalesMapping(
        source=source,
        legal_entity=legal_entity,
        store=store,
        currency=code,
        exponent=_exponent(table, code),
        tax_code=tax_code,
        file=_file(table.table("file")),
        columns=columns,
        documents=_documents(table.table("documents")),
        rounding=rounding,
        price_zero=_price_zero(table.table("price_zero")),
        countries=_countries(table.table("countries"), columns),
        services=_services(table, columns.product_case),
        cost_share=cost_share,
        price_list=price_list,
        item_model_group=item_model_group,
        tender=tender,
        fingerprint=fingerprint,
    )
    table.close()
    return mapping


def _share(table: TomlTable, key: str) -> Micro:
    """A share of one in millionths, written as a decimal text between 0 and 1; 0 where it is left out."""
    given = table.text(key, default="0")
    try:
        found = parse_scaled(given, RATE_PLACES, maximum=MICRO)
    except ValueError:
        found = -1
    if not 0 <= found <= MICRO:
        table.refuse(key, 'a share is a decimal text between "0" and "1"', got=given)
        return 0
    return found


def _exponent(table: TomlTable, code: str) -> int:
    """The decimals of the currency."""
    try:
        return currency(code).exponent if code else 0
    except ValueError as error:
        table.findings.add("IMPORT_MAPPING_VALUE", "/currency", str(error), got=code)
        return 0


def _file(table: TomlTable) -> FileFormat:
    """How the file is written; the defaults are those of RFC 4180 in UTF-8."""
    encoding = table.text("encoding", default="utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        table.refuse("encoding", f'unknown encoding "{encoding}"; use "utf-8" or "cp1252"', got=encoding)
    delimiter = table.choice("delimiter", (",", ";", "\t", "|"), default=",")
    quote = table.choice("quote", ('"', "'"), default='"')
    decimal_mark = table.choice("decimal_mark", (".", ","), default=".")
    table.close()
    return FileFormat(encoding=encoding, delimiter=delimiter, quote=quote, decimal_mark=decimal_mark)


def _columns(table: TomlTable) -> Columns:
    """The columns; each is a name, or a table with the name and how its cells are read."""
    number, quantity, price = (table.text(key) for key in ("document_number", "quantity", "unit_price"))
    product, product_options = _column(table, "product_code")
    moment, moment_options = _column(table, "occurred_at")
    customer, customer_options = _column(table, "customer", required=False)
    format_ = moment_options.text("format")
    zone = moment_options.text("timezone")
    columns = Columns(
        document_number=number,
        product_code=product,
        product_case=product_options.choice("case", (AS_IS, UPPER, LOWER), default=AS_IS),
        description=table.text("description") if table.has("description") else None,
        quantity=quantity,
        occurred_at=moment,
        occurred_at_format=_date_format(moment_options, format_),
        zone=_zone(moment_options, zone),
        unit_price=price,
        customer=customer or None,
        customer_remove_suffix=customer_options.text("remove_suffix", default="", empty=True),
        country=table.text("country") if table.has("country") else None,
    )
    for options in (product_options, moment_options, customer_options, table):
        options.close()
    named = columns.named()
    for name in sorted({name for name in named if name and named.count(name) > 1}):
        table.findings.add("IMPORT_MAPPING_VALUE", table.pointer, f'the column "{name}" is given two meanings; a column has one', got=name)
    return columns


def _column(table: TomlTable, key: str, *, required: bool = True) -> tuple[str, TomlTable]:
    """The name of a column and the table of its options, which is empty where only a name is given."""
    if isinstance(table.raw(key), dict):
        options = table.table(key)
        return options.text("column"), options
    name = table.text(key) if required or table.has(key) else ""
    return name, TomlTable({}, table.at(key), table.findings)


def _date_format(table: TomlTable, given: str) -> str:
    """A format of `strptime` that keeps at least the day; anything else could not be posted on its date."""
    try:
        kept = datetime.strptime(_PROBE_INSTANT.strftime(given), given).date() == _PROBE_INSTANT.date()  # noqa: DTZ007 - only its date is used
    except ValueError:
        kept = False
    if given and not kept:
        message = f'"format" reads year, month and day, such as "%Y-%m-%d %H:%M:%S", got "{given}"'
        table.refuse("format", message, got=given)
    return given


def _zone(table: TomlTable, given: str) -> str:
    """The name of a zone that exists."""
    try:
        if given:
            time_zone(given)
    except ValueError as error:
        table.refuse("timezone", str(error), got=given)
    return given


def _documents(table: TomlTable) -> DocumentRules:
    """How documents are told apart."""
    rules = DocumentRules(
        cancellation_prefix=table.text("cancellation_prefix", default="", empty=True),
        adjustment_prefix=table.text("adjustment_prefix", default="", empty=True),
        lines_max=table.integer("lines_max", default=5000, minimum=1, maximum=100_000),
    )
    if rules.cancellation_prefix and rules.cancellation_prefix == rules.adjustment_prefix:
        message = "the prefixes of cancellations and adjustments are the same; they must differ"
        table.refuse("adjustment_prefix", message, got=rules.adjustment_prefix)
    table.close()
    return rules


def _price_zero(table: TomlTable) -> PriceZeroRules:
    """What a positive quantity with price 0 is; a correction of stock stands alone, for a document is one thing."""
    rules = PriceZeroRules(
        with_customer=table.choice("with_customer", (FREE, REJECT), default=FREE),
        beside_other_lines=table.choice("beside_other_lines", (FREE, REJECT), default=FREE),
        alone=table.choice("alone", (FREE, CORRECTION, REJECT), default=CORRECTION),
    )
    table.close()
    return rules


def _countries(table: TomlTable, columns: Columns) -> Countries:
    """The codes of countries; a code is two capital letters, "" says that the country is not known."""
    unlisted = table.choice("unlisted", (REJECT, KEEP), default=KEEP)
    codes: dict[str, str] = {}
    listed = table.table("codes")
    for name, code in listed.items():
        if isinstance(code, str) and (code == "" or _COUNTRY_CODE.fullmatch(code)):
            codes[name] = code
        else:
            listed.refuse(name, f'a country code is two capital letters or "", got {code!r}', got=code)
    if codes and columns.country is None:
        table.findings.add(
            "IMPORT_MAPPING_VALUE", table.pointer, "countries are listed, but no column is named for them; add columns.country"
        )
    table.close()
    return Countries(unlisted=unlisted, codes=MappingProxyType(codes))


def _services(table: TomlTable, case: str) -> tuple[Service, ...]:
    """The products that are no goods; their codes are listed in the letter case that the mapping makes of cells."""
    services: list[Service] = []
    owners: dict[str, str] = {}
    for one in table.tables("services"):
        kind, name, pattern = one.text("kind"), one.text("name"), one.text("pattern", default="")
        if kind == GOODS or (kind and not _SERVICE_KIND.fullmatch(kind)):
            one.refuse("kind", f'a kind is lower-case letters, digits and "_", not "goods", got "{kind}"', got=kind)
        codes = tuple(in_case(code, case) for code in one.texts("codes"))
        for code in codes:
            if owners.setdefault(code, kind) != kind:
                one.refuse("codes", f'"{code}" is claimed by "{owners[code]}" and by "{kind}"', got=code)
        if not codes and not pattern:
            one.findings.add("IMPORT_MAPPING_MISSING", one.at("codes"), f'the service "{kind}" claims no product; give codes or a pattern')
        tax_code = one.text("tax_code") if one.has("tax_code") else None
        services.append(Service(kind=kind, name=name, codes=codes, pattern=_pattern(one, pattern), tax_code=tax_code))
        one.close()
    return tuple(services)


def _pattern(table: TomlTable, given: str) -> re.Pattern[str] | None:
    """The compiled pattern, `None` if there is none or it is wrong."""
    try:
        return re.compile(given) if given else None
    except re.error as error:
        table.refuse("pattern", f"no regular expression: {error}", got=given)
        return None
