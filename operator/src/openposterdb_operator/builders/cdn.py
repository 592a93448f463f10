"""The cache rules that a zone of Cloudflare needs for one service."""

from typing import Any, Final

from openposterdb_operator.builders.context import Context
from openposterdb_operator.model import OpenPosterDBSpec

YEAR: Final = 31_536_000

CacheRule = dict[str, Any]


def mark(uid: str) -> str:
    """What the references of this service's rules begin with, and of no others."""
    return f"openposterdb_{uid.replace('-', '')}_"


def build_cache_rules(spec: OpenPosterDBSpec, context: Context) -> list[CacheRule]:
    """Images under `/c/` are kept at the edge for as long as the service says, what is under `/assets/` for a year."""
    return [
        _rule(
            spec,
            context,
            "images",
            "/c/",
            "images as long as their headers say",
            {"edge_ttl": {"mode": "respect_origin"}, "browser_ttl": {"mode": "respect_origin"}},
        ),
        _rule(
            spec,
            context,
            "assets",
            "/assets/",
            "the admin web's files for a year",
            {
                "edge_ttl": {"mode": "override_origin", "default": YEAR},
                "browser_ttl": {"mode": "override_origin", "default": YEAR},
            },
        ),
    ]


def _rule(
    spec: OpenPosterDBSpec, context: Context, name: str, path: str, what: str, parameters: dict[str, Any]
) -> CacheRule:
    here = f'http.host eq "{spec.host}" and ' if spec.host is not None else ""
    return {
        "ref": mark(context.uid) + name,
        "description": f"OpenPosterDB {context.namespace}/{context.name}: {what} (kept by its operator)",
        "expression": f'({here}starts_with(http.request.uri.path, "{path}"))',
        "action": "set_cache_settings",
        "action_parameters": {"cache": True, **parameters},
        "enabled": True,
    }
