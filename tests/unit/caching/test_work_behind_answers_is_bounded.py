"""Work that waits for a disk or a database holds images: there is only so much of it."""

import asyncio

from openposterdb.caching.background import BackgroundTasks


async def test_beyond_the_bound_new_work_is_dropped_until_older_work_has_ended():
    background = BackgroundTasks(max_tasks=2)
    database_is_back = asyncio.Event()
    kept = []

    async def keep(number):
        await database_is_back.wait()
        kept.append(number)

    for number in range(4):
        background.start(keep(number), name="keep_image")
    assert len(background) == 2
    database_is_back.set()
    await background.drain()
    background.start(keep(4), name="keep_image")
    await background.drain()
    assert kept == [0, 1, 4]
