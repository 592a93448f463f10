"""PosterKeys as a person would apply them, and what they lead to."""

import base64


def declare(where, name="living-room", *, instance="posters", namespace=None, annotations=None, **spec):
    reference = {"name": instance, **({"namespace": namespace} if namespace else {})}
    where.apply(
        {
            "apiVersion": "openposterdb.io/v1alpha1",
            "kind": "PosterKey",
            "metadata": {"name": name, "annotations": annotations or {}},
            "spec": {"instanceRef": reference, **spec},
        }
    )


def wait_ready(where, name="living-room", seconds=60):
    where.kubectl("wait", "--for=condition=Ready", f"pkey/{name}", f"--timeout={seconds}s")


def key_in(where, name="living-room"):
    secret = where.get("secret", name)
    return secret and base64.b64decode(secret["data"]["key"]).decode()
