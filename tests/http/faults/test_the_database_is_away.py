"""A database that is locked or gone costs memory of titles and new keys, never a poster."""

import shutil
import sqlite3
import time

from tests.http.faults.requests import BYSTANDER, REQUESTS, ask_all


async def test_another_program_that_holds_the_write_lock_delays_nobody_for_long(service, clean):
    await service.get(BYSTANDER)
    await service.settle()
    other = sqlite3.connect(service.environment.db_dir / "openposterdb.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    try:
        answers = await ask_all(service, REQUESTS)
        took = time.monotonic() - began
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert {name: answer.body for name, answer in answers.items()} == clean.bodies
    assert took < 1


async def test_without_a_database_known_keys_get_their_posters_and_unknown_ones_a_503(service, clean):
    await service.get(BYSTANDER)
    await service.settle()
    await service.parts.database.close()  # the next use opens it anew
    shutil.rmtree(service.environment.db_dir)
    service.environment.db_dir.write_text("in the way")
    assert (await service.get(BYSTANDER)).body == clean.bystander
    answers = await ask_all(service, REQUESTS)
    assert {name: answer.body for name, answer in answers.items()} == clean.bodies
    assert (await service.get(BYSTANDER, key="t3-other")).status == 503
    ready = await service.ask("GET", "/readyz")
    assert ready.status == 503
    assert b"/" not in ready.body
