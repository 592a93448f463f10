"""Routes by path: a trie of segments where a literal beats `:parameter`, which beats `*rest`.

Alternatives are tried in that order until one fits to the end (so `/api/isValid` may be a key check although `/api/keys`
exists). A trailing slash is a segment of its own and matches no parameter.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

V = TypeVar("V")


class RouteError(ValueError):
    """A route that cannot be meant: found when the application is compiled, never during a request."""


@dataclass(frozen=True, slots=True)
class _Registered(Generic[V]):
    value: V
    method: str
    names: tuple[str, ...]


@dataclass(slots=True)
class _Node(Generic[V]):
    literals: "dict[str, _Node[V]]" = field(default_factory=dict[str, "_Node[V]"])
    parameter: "_Node[V] | None" = None
    rest: "_Node[V] | None" = None
    by_method: dict[str, _Registered[V]] = field(default_factory=dict[str, _Registered[V]])


@dataclass(frozen=True, slots=True)
class Match(Generic[V]):
    """What was registered, under which method, and the parameters of the path."""

    value: V
    method: str
    params: dict[str, str]


class Routes(Generic[V]):
    """Values by method and path pattern."""

    def __init__(self) -> None:
        self._root: _Node[V] = _Node()
        self._methods: set[str] = set()
        self._values: list[V] = []

    def values(self) -> list[V]:
        """Everything registered, in order."""
        return self._values

    def add(self, method: str, pattern: str, value: V) -> None:
        """Register `pattern`, for instance `/:key/isValid` or `/assets/*path`.

        RouteError for a segment that is only partly a parameter and for a second route of the same shape and method.
        """
        node = self._root
        names: list[str] = []
        segments = _segments(pattern)
        for position, segment in enumerate(segments):
            if segment.startswith(":"):
                names.append(_parameter_name(pattern, segment))
                node.parameter = node.parameter or _Node()
                node = node.parameter
            elif segment.startswith("*"):
                if position != len(segments) - 1:
                    raise RouteError(f"{pattern}: `*` has to be the last segment")
                names.append(_parameter_name(pattern, segment))
                node.rest = node.rest or _Node()
                node = node.rest
            elif ":" in segment or "*" in segment:
                raise RouteError(f"{pattern}: a parameter takes a whole segment, `{segment}` does not")
            else:
                node = node.literals.setdefault(segment, _Node())
        if len(set(names)) != len(names):
            raise RouteError(f"{pattern}: a parameter occurs twice")
        registered = _Registered(value, method, tuple(names))
        present = node.by_method.get(method)
        if present is not None and present.method == method:
            raise RouteError(f"{method} {pattern}: another route has the same shape")
        node.by_method[method] = registered
        if method == "GET":
            node.by_method.setdefault("HEAD", registered)
        self._methods.update(node.by_method)
        self._values.append(value)

    def match(self, method: str, path: str) -> Match[V] | None:
        """The most specific route for `path` that answers `method`; HEAD is answered by GET routes as well."""
        found = _first(self._root, _segments(path), 0, method)
        if found is None:
            return None
        registered, values = found
        values.reverse()
        return Match(registered.value, registered.method, dict(zip(registered.names, values, strict=True)))

    def allowed(self, path: str) -> list[str]:
        """The methods that `path` answers (sorted, HEAD included where GET is); empty if it is unknown."""
        segments = _segments(path)
        return sorted(method for method in self._methods if _first(self._root, segments, 0, method))


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/") if path != "/" else []


def _parameter_name(pattern: str, segment: str) -> str:
    name = segment[1:]
    if not name.isidentifier():
        raise RouteError(f"{pattern}: `{segment}` is not a parameter: the name has to take the whole segment")
    return name


def _first(node: _Node[V], segments: list[str], at: int, method: str) -> tuple[_Registered[V], list[str]] | None:
    """The best fit and the parameters' values, last one first; the patterns bound the depth, not the path."""
    if at == len(segments):
        registered = node.by_method.get(method)
        return None if registered is None else (registered, [])
    segment = segments[at]
    literal = node.literals.get(segment)
    if literal is not None:
        found = _first(literal, segments, at + 1, method)
        if found is not None:
            return found
    if segment and node.parameter is not None:
        found = _first(node.parameter, segments, at + 1, method)
        if found is not None:
            found[1].append(segment)
            return found
    if node.rest is not None:
        registered = node.rest.by_method.get(method)
        rest = "/".join(segments[at:])
        if registered is not None and rest:
            return registered, [rest]
    return None
