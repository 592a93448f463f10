"""`openposterdb doctor`: a verdict for everything that a server needs, a line each."""

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import typer

import openposterdb_render as native
from openposterdb.caching.bucket import BucketStore
from openposterdb.caching.store import StoreUnavailable
from openposterdb.cli.database import verdict
from openposterdb.cli.environment import read_environment
from openposterdb.clock import SystemClock
from openposterdb.config import ConfigurationError, Environment
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import is_current
from openposterdb.upstreams.opening import open_upstreams
from openposterdb.upstreams.probes import Verdict, check_key

_TRIAL = "doctor/trial"
_SERVICES = ("tmdb", "fanart", "mdblist", "omdb")
_MISSING_IS_FINE = {"fanart", "mdblist", "omdb"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and whether a server can live with it."""

    subject: str
    verdict: str
    fine: bool


async def examine() -> int:
    """Print the findings; 0 when a server would run well, 1 when something is wrong, 2 when it would not start."""
    try:
        environment = read_environment()
    except ConfigurationError as error:
        typer.echo(f"✗ configuration: {error}".replace("\n", "\n  "))
        return 2
    findings = [Finding("configuration", "ok", fine=True)]
    findings += [_renderer(), _memory(environment)]
    findings.append(await _image_store(environment))
    findings.append(await _database(environment))
    findings += await _upstreams(environment)
    for finding in findings:
        typer.echo(f"{'✓' if finding.fine else '✗'} {finding.subject}: {finding.verdict}")
    return 0 if all(finding.fine for finding in findings) else 1


def _renderer() -> Finding:
    """Both libraries give the same pictures; the one in C is faster."""
    slower = "" if native.CODEC == "libjpeg-turbo" else "; built where cmake and nasm are, libjpeg-turbo in C is faster"
    return Finding("renderer", f"epoch {native.RENDERER_EPOCH}, decodes with {native.CODEC}{slower}", fine=True)


def _memory(environment: Environment) -> Finding:
    """Pictures held and pictures being drawn have to fit into the machine; a container's limit is not looked at."""
    most = environment.image_mem_cache_mb + environment.render_memory_mb
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    text = f"at most {most} MiB for pictures (IMAGE_MEM_CACHE_MB, RENDER_MEMORY_MB), the machine has {there}"
    return Finding("memory", text, fine=most < there)


async def _image_store(environment: Environment) -> Finding:
    if environment.external_cache_only:
        return Finding("image store", "off (EXTERNAL_CACHE_ONLY)", fine=True)
    if environment.image_store_url is None:
        return await asyncio.to_thread(_folder, "CACHE_DIR", environment.cache_dir)
    store = BucketStore(environment.image_store_url)
    try:
        await store.write(_TRIAL, b"openposterdb")
        await store.delete(_TRIAL)
    except StoreUnavailable as error:
        return Finding("IMAGE_STORE_URL", f"the bucket cannot be written: {error}", fine=False)
    return Finding("IMAGE_STORE_URL", "the bucket is writable", fine=True)


def _folder(name: str, path: Path) -> Finding:
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
        free = os.statvfs(path).f_bavail * os.statvfs(path).f_frsize
    except OSError as error:
        return Finding(name, f"{path} cannot be written: {error.strerror}", fine=False)
    return Finding(name, f"{path} is writable, {free / 1e9:.1f} GB free", fine=True)


async def _database(environment: Environment) -> Finding:
    try:
        database = await Database.open(environment.database)
    except (StorageUnavailable, OSError) as error:
        return Finding("database", verdict(error), fine=False)
    try:
        current = await is_current(database)
    finally:
        await database.close()
    return Finding("database", "ok" if current else "ok, will be migrated at the next start", fine=True)


async def _upstreams(environment: Environment) -> list[Finding]:
    async with open_upstreams(environment, clock=SystemClock()) as upstreams:
        verdicts = await asyncio.gather(*(check_key(upstreams, service) for service in _SERVICES))
    return [_upstream(service, verdict) for service, verdict in zip(_SERVICES, verdicts, strict=True)]


def _upstream(service: str, verdict: Verdict) -> Finding:
    variable = f"{service.upper()}_API_KEY"
    absent = verdict is Verdict.NOT_CONFIGURED
    text = f"not configured ({variable} is not set)" if absent else verdict.value
    if verdict is Verdict.KEY_REFUSED:
        text = f"key refused: check {variable}"
    return Finding(service, text, fine=verdict is Verdict.OK or (absent and service in _MISSING_IS_FINE))
