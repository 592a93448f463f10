"""What is in the images, as CycloneDX: `python scripts/sbom.py FOLDER UV` asks each lock file's own tool, no network, no build.

A serial number and a time would differ at every run, so there are none: the same lock files give the same bytes.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RUST_FEATURES = "python,turbo"
IMAGES = {"openposterdb": "service", "openposterdb-operator": "operator"}


def main(folder: Path, uv: str) -> None:
    """Write one file for each image."""
    folder.mkdir(parents=True, exist_ok=True)
    for image, source in IMAGES.items():
        found = list(python_packages(uv, image))
        if image == "openposterdb":
            found += [*rust_crates(), *web_packages()]
        text = json.dumps(bill(image, source, found), indent=2, sort_keys=True) + "\n"
        (folder / f"{image}.cdx.json").write_text(text)


def bill(image: str, source: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    """The document: the image and its components, each once."""
    version = tomllib.loads((ROOT / source / "pyproject.toml").read_text())["project"]["version"]
    unique = {component["bom-ref"]: component for component in found}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"bom-ref": image, "type": "container", "name": image, "version": version}},
        "components": [unique[reference] for reference in sorted(unique)],
    }


def python_packages(uv: str, package: str) -> Iterator[dict[str, Any]]:
    """What uv.lock installs for `package`."""
    told = told_by(uv, "export", "--quiet", "--frozen", "--no-dev", "--package", package, "--format", "cyclonedx1.5")
    for each in told["components"]:
        if "purl" in each:
            yield component(each["purl"], each["name"], each["version"])


def rust_crates() -> Iterator[dict[str, Any]]:
    """What Cargo.lock compiles into the renderer; build scripts' and tests' crates are not in it."""
    told = told_by(
        "cargo", "metadata", "--quiet", "--locked", "--format-version", "1", "--features", RUST_FEATURES,
        "--filter-platform", "x86_64-unknown-linux-gnu", "--manifest-path", str(ROOT / "render_ext/Cargo.toml"),
    )  # fmt: skip
    packages = {each["id"]: each for each in told["packages"]}
    needs = {
        node["id"]: [dep["pkg"] for dep in node["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])]
        for node in told["resolve"]["nodes"]
    }
    waiting, seen = [told["resolve"]["root"]], set[str]()
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += needs[here]
    for each in (packages[identity] for identity in seen):
        if each["source"]:
            purl = f"pkg:cargo/{each['name']}@{each['version']}"
            yield component(purl, each["name"], each["version"], each["license"])


def web_packages() -> Iterator[dict[str, Any]]:
    """What package-lock.json bundles into the admin web."""
    packages = json.loads((ROOT / "admin_web/package-lock.json").read_text())["packages"]
    for path, each in packages.items():
        if path and not any(each.get(mark) for mark in ("dev", "devOptional", "optional", "peer")):
            name = path.rpartition("node_modules/")[2]
            purl = f"pkg:npm/{name.replace('@', '%40')}@{each['version']}"
            yield component(purl, name, each["version"], each.get("license"))


def component(purl: str, name: str, version: str, licence: str | None = None) -> dict[str, Any]:
    """One library."""
    result: dict[str, Any] = {"bom-ref": purl, "type": "library", "name": name, "version": version, "purl": purl}
    if licence:
        result["licenses"] = [{"expression": licence.replace("/", " OR ")}]
    return result


def told_by(*command: str) -> dict[str, Any]:
    """What a command prints as JSON; CalledProcessError when it fails, after its own message."""
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    return json.loads(done.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
