import asyncio

from kg.process.waiting import wait_for


async def answer() -> int:
    await asyncio.sleep(0)
    return 42


def test_a_plain_thread_waits_for_asynchronous_work() -> None:
    assert wait_for(answer()) == 42


def test_so_does_a_thread_with_a_loop_of_its_own() -> None:
    async def in_a_notebook() -> int:
        return wait_for(answer())

    assert asyncio.run(in_a_notebook()) == 42
