"""The pixels of OpenPosterDB: art and badges in, JPEG, PNG and WebP out."""

from openposterdb_render._native import (
    RENDERER_EPOCH,
    Info,
    Prepared,
    RenderSettings,
    estimate,
    layout,
    placeholder,
    prepare,
    probe,
    render,
    sample,
    set_limits,
)
from openposterdb_render.errors import ErrorCode, RenderError

__all__ = [
    "RENDERER_EPOCH",
    "ErrorCode",
    "Info",
    "Prepared",
    "RenderError",
    "RenderSettings",
    "estimate",
    "layout",
    "placeholder",
    "prepare",
    "probe",
    "render",
    "sample",
    "set_limits",
]
