"""The part of the OpenAPI document that the admin web's client is made of: `python scripts/web_document.py URL-OF-A-SERVER`."""

import json
import sys
from pathlib import Path
from urllib.request import urlopen

from openposterdb.http.api.document import Schema

FILE = Path(__file__).parents[1] / "admin_web" / "openapi.json"


def management_part(document: Schema) -> str:
    """What is under `/api/`, without what changes from release to release; as the file has it."""
    paths = {
        path: item for path, item in document["paths"].items() if path.startswith("/api/") and "openapi" not in path
    }
    about = {**document["info"], "version": "0"}
    return json.dumps({**document, "info": about, "paths": paths}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    with urlopen(f"{sys.argv[1]}/api/openapi.json") as answer:  # noqa: S310 - a server of our own
        FILE.write_text(management_part(json.load(answer)))
