"""The pixels of OpenPosterDB: art and badges in, JPEG, PNG and WebP out."""

from openposterdb_render._native import (
    CODEC,
    RENDERER_EPOCH,
    Info,
    Prepared,
    RenderSettings,
    estimate,
    layout,
    placeholder,
    prepare,
    probe,
    quality_of,
    render,
    sample,
    set_limits,
    use_port,
)
from openposterdb_render.errors import ErrorCode, RenderError

__all__ = [
    "CODEC",
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
    "quality_of",
    "render",
    "sample",
    "set_limits",
    "use_port",
]
