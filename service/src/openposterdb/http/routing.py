"""Routes by path: a trie of segments where a literal beats `:parameter`, which beats `*rest`.

Alternatives are tried in that order until one fits to the end (so `/api/isValid` may be a key check although `/api/keys`
exists). A trailing slash is a segment of its own and matches no parameter.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

V = TypeVar("V")


class RouteError(ValueError):
    """A route that cannot be meant: found when the application is compiled, never during a request."""


@dataclass(slots=True)
class _Node(Generic[V]):
    literals: "dict[str, _Node[V]]" = field(default_factory=dict[str, "_Node[V]"])
    parameter: "_Node[V] | None" = None
    rest: "_Node[V] | None" = None
    by_method: dict[str, tuple[V, tuple[str, ...]]] = field(default_factory=dict[str, tuple[V, tuple[str, ...]]])


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
        if method in node.by_method:
            raise RouteError(f"{method} {pattern}: another route has the same shape")
        node.by_method[method] = (value, tuple(names))
        self._values.append(value)

    def match(self, method: str, path: str) -> Match[V] | None:
        """The most specific route for `path` that answers `method`; HEAD is answered by GET routes as well."""
        for node, values in _candidates(self._root, _segments(path), 0, ()):
            registered = method
            found = node.by_method.get(method)
            if found is None and method == "HEAD":
                registered = "GET"
                found = node.by_method.get("GET")
            if found is not None:
                return Match(found[0], registered, dict(zip(found[1], values, strict=True)))
        return None

    def most_specific(self, path: str) -> V | None:
        """What is registered for `path`, whatever the method."""
        for node, _ in _candidates(self._root, _segments(path), 0, ()):
            return next(iter(node.by_method.values()))[0]
        return None

    def allowed(self, path: str) -> list[str]:
        """The methods that `path` answers (sorted, HEAD included where GET is); empty if it is unknown."""
        methods: set[str] = set()
        for node, _ in _candidates(self._root, _segments(path), 0, ()):
            methods.update(node.by_method)
        if "GET" in methods:
            methods.add("HEAD")
        return sorted(methods)


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/") if path != "/" else []


def _parameter_name(pattern: str, segment: str) -> str:
    name = segment[1:]
    if not name.isidentifier():
        raise RouteError(f"{pattern}: `{segment}` is not a parameter: the name has to take the whole segment")
    return name


def _candidates(
    node: _Node[V], segments: list[str], at: int, values: tuple[str, ...]
) -> Iterator[tuple[_Node[V], tuple[str, ...]]]:
    """Nodes that fit, most specific first; depth is bounded by the patterns, not by the path."""
    if at == len(segments):
        if node.by_method:
            yield node, values
        return
    segment = segments[at]
    literal = node.literals.get(segment)
    if literal is not None:
        yield from _candidates(literal, segments, at + 1, values)
    if segment and node.parameter is not None:
        yield from _candidates(node.parameter, segments, at + 1, (*values, segment))
    if node.rest is not None:
        rest = "/".join(segments[at:])
        if rest:
            yield node.rest, (*values, rest)
