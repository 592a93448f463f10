"""Volume claims of the database and the image store."""

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.metadata import KEEP, child
from openposterdb_operator.model import OpenPosterDBSpec


def build_database_claim(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """SQLite's volume claim; no changed spec removes it, and with `Retain` not even the resource's end."""
    if spec.database.type != "sqlite":
        return None
    storage = spec.database.storage
    return child(
        context,
        "v1",
        "PersistentVolumeClaim",
        context.database,
        "server",
        annotations={KEEP: "true"},
        owned=storage.reclaim_policy == "Delete",
        spec=claim(storage.size, storage.storage_class_name, "ReadWriteOnce"),
    )


def build_images_claim(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """The image store's volume claim."""
    if spec.image_store.type != "filesystem":
        return None
    store = spec.image_store.filesystem
    return child(
        context,
        "v1",
        "PersistentVolumeClaim",
        context.images,
        "server",
        spec=claim(store.size, store.storage_class_name, store.access_mode),
    )


def claim(size: str, storage_class: str | None, access_mode: str) -> dict[str, object]:
    """`spec` of a volume claim."""
    return {
        "accessModes": [access_mode],
        "resources": {"requests": {"storage": size}},
        **({"storageClassName": storage_class} if storage_class else {}),
    }
