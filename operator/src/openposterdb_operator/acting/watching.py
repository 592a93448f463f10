"""What is heard of the cluster, through kopf: each piece of news puts a resource into the queue."""

from collections.abc import Mapping
from typing import Any

import kopf

from openposterdb_operator.acting.queue import Key, WorkQueue
from openposterdb_operator.builders.metadata import MANAGER
from openposterdb_operator.cluster.kinds import CHILDREN, DEFINITION, OPEN_POSTER_DB, POSTER_KEY, SECRET, Kind
from openposterdb_operator.objects import Live, labels, mapping, owners

_GROUPS = frozenset(kind.group for kind in CHILDREN if kind.optional)


class News:
    """Who has to be looked at when something is heard."""

    def __init__(self, queue: WorkQueue) -> None:
        self._queue = queue
        self._known: set[Key] = set()
        self._read: dict[Key, frozenset[str]] = {}

    def of_resource(self, key: Key, *, gone: bool) -> None:
        """The resource itself came, changed or went."""
        if gone:
            self._known.discard(key)
            self._read.pop(key, None)
        else:
            self._known.add(key)
        self._queue.add(key)

    def of_child(self, namespace: str, child: Live, *, gone: bool = False) -> None:
        """Something came, changed or went that is a child by its owner or by its labels: an edit may have taken one.

        What went may have had a child's name, whoever owned it: then the name is free now.
        """
        names = {owner["name"] for owner in owners(child) if owner["kind"] == OPEN_POSTER_DB.kind}
        if gone:
            name = child["metadata"]["name"]
            names |= {known.name for known in self._known if name == known.name or name.startswith(f"{known.name}-")}
        if labels(child).get("app.kubernetes.io/managed-by") == MANAGER:
            names.add(labels(child).get("app.kubernetes.io/instance", ""))
        for key in {Key(namespace, name) for name in names} & self._known:
            self._queue.add(key)

    def of_secret(self, namespace: str, name: str) -> None:
        """A Secret came, changed or went: those who read it are concerned, whoever owns it."""
        for key, secrets in self._read.items():
            if key.namespace == namespace and name in secrets:
                self._queue.add(key)

    def of_definitions(self) -> None:
        """The cluster learnt or forgot an optional kind: everybody may be concerned."""
        for key in self._known:
            self._queue.add(key)

    def reads(self, key: Key, secrets: frozenset[str]) -> None:
        """Remember which Secrets `key` was seen to read, existing or not."""
        if key in self._known:
            self._read[key] = secrets


class KeyNews:
    """The same for `PosterKey`: they follow their own changes, their service's, and those of the Secrets that they read."""

    def __init__(self, queue: WorkQueue) -> None:
        self._queue = queue
        self._instances: dict[Key, Key] = {}
        self._read: dict[Key, frozenset[str]] = {}

    def of_resource(self, key: Key, instance: Key, *, gone: bool) -> None:
        """The resource itself came, changed or went."""
        if gone:
            self._instances.pop(key, None)
            self._read.pop(key, None)
        else:
            self._instances[key] = instance
        self._queue.add(key)

    def of_instance(self, instance: Key) -> None:
        """A service came, changed or went."""
        for key, wanted in self._instances.items():
            if wanted == instance:
                self._queue.add(key)

    def of_secret(self, namespace: str, name: str) -> None:
        """A Secret came, changed or went."""
        for key, secrets in self._read.items():
            if f"{namespace}/{name}" in secrets:
                self._queue.add(key)

    def reads(self, key: Key, secrets: frozenset[str]) -> None:
        """Remember which Secrets `key` was seen to read, each as `namespace/name`."""
        if key in self._instances:
            self._read[key] = secrets


def register(registry: kopf.OperatorRegistry, news: News, key_news: KeyNews) -> None:
    """Watch the resources, their children, all Secrets and the definitions of kinds."""

    async def on_resource(event: Any, name: str, namespace: str, **_: Any) -> None:
        news.of_resource(Key(namespace, name), gone=event["type"] == "DELETED")
        key_news.of_instance(Key(namespace, name))

    async def on_key(event: Any, name: str, namespace: str, spec: Mapping[str, Any], **_: Any) -> None:
        reference = mapping(spec, "instanceRef")
        instance = Key(reference.get("namespace") or namespace, reference.get("name", ""))
        key_news.of_resource(Key(namespace, name), instance, gone=event["type"] == "DELETED")

    async def on_child(event: Any, namespace: str, body: Mapping[str, Any], **_: Any) -> None:
        news.of_child(namespace, body, gone=event["type"] == "DELETED")

    async def on_secret(event: Any, name: str, namespace: str, body: Mapping[str, Any], **_: Any) -> None:
        news.of_secret(namespace, name)
        key_news.of_secret(namespace, name)
        news.of_child(namespace, body, gone=event["type"] == "DELETED")

    async def on_definition(spec: Mapping[str, Any], **_: Any) -> None:
        if spec.get("group") in _GROUPS:
            news.of_definitions()

    _watch(registry, OPEN_POSTER_DB, on_resource)
    _watch(registry, POSTER_KEY, on_key)
    _watch(registry, SECRET, on_secret)
    _watch(registry, DEFINITION, on_definition)
    for kind in CHILDREN:
        if kind is not SECRET:
            _watch(registry, kind, on_child)


def _watch(registry: kopf.OperatorRegistry, kind: Kind, handler: Any) -> None:
    decorate = kopf.on.event(kind.group, kind.version, kind.plural, registry=registry, id=f"watch_{kind.plural}")
    decorate(handler)
