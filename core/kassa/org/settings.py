"""Settings and vocabulary of the organisation: how workers sign in, what hierarchies are for, which acts ask for a reason."""

from __future__ import annotations

from kassa.kernel.contributions import SettingDefinition
from kassa.org.documents import HierarchyPurpose, ReasonPurpose

SETTINGS = (
    SettingDefinition(
        name="sessions.token_seconds", summary="For how many seconds the token of a worker counts; it is renewed while the worker is at work",
        type="int", default=900, minimum=60, maximum=3600, levels=("installation",),
    ),
    SettingDefinition(
        name="sessions.hours", summary="After how many hours a worker has to sign in again", type="int", default=12, minimum=1, maximum=24,
        levels=("installation",),
    ),
    SettingDefinition(
        name="sign_in.worker_tries", summary="After how many wrong tries of a worker each further one has to wait, longer each time",
        type="int", default=5, minimum=1, maximum=9, levels=("installation",),
    ),
    SettingDefinition(
        name="sign_in.lock_seconds", summary="How many seconds the first of these waits lasts", type="int", default=900, minimum=60,
        maximum=86_400, levels=("installation",),
    ),
    SettingDefinition(
        name="sign_in.till_tries", summary="How many wrong tries there may be at one till or app in the window of time", type="int",
        default=20, minimum=2, maximum=10_000, levels=("installation",),
    ),
    SettingDefinition(
        name="sign_in.all_tries", summary="How many wrong tries there may be in all in the window of time", type="int", default=500,
        minimum=2, maximum=1_000_000, levels=("installation",),
    ),
    SettingDefinition(
        name="sign_in.window_seconds", summary="How many seconds that window lasts", type="int", default=3600, minimum=60, maximum=86_400,
        levels=("installation",),
    ),
    SettingDefinition(
        name="sign_in.pin_digits", summary="How many digits a PIN has at least", type="int", default=6, minimum=4, maximum=12,
        levels=("installation",),
    ),
    SettingDefinition(
        name="sign_in.password_length", summary="How many characters a password has at least", type="int", default=12, minimum=8,
        maximum=100, levels=("installation",),
    ),
)  # fmt: skip

PURPOSES = (
    HierarchyPurpose(name="reporting", summary="Figures are added up along it"),
    HierarchyPurpose(name="retail_pricing", summary="Prices and discounts are given to its nodes"),
    ReasonPurpose(name="charge_override", summary="A charge is changed by hand"),
    ReasonPurpose(name="price_override", summary="A price is changed by hand"),
    ReasonPurpose(name="stock_adjustment", summary="Stock is changed by hand"),
)
