"""The pixels of OpenPosterDB: art and badges in, JPEG and PNG out."""

from openposterdb_render._native import (
    RENDERER_EPOCH,
    Info,
    RenderSettings,
    layout,
    placeholder,
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
    "RenderError",
    "RenderSettings",
    "layout",
    "placeholder",
    "probe",
    "render",
    "sample",
    "set_limits",
]
