"""What a process takes of its machine, and what a container lets it take."""

from openposterdb.telemetry.machine import memory_bound, process_use, room_of


def test_this_process_takes_some_memory():
    use = process_use()
    assert use.resident is not None
    assert use.resident > 10_000_000
    assert use.processor_seconds > 0


def test_the_container_bounds_what_the_machine_has(tmp_path):
    group = tmp_path / "memory.max"
    group.write_text("268435456\n")
    assert memory_bound(8 << 30, (group,)) == 268_435_456


def test_a_container_without_a_bound_has_that_of_the_machine(tmp_path):
    second, first = tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes"
    second.write_text("max\n")
    first.write_text("9223372036854771712\n")
    assert memory_bound(8 << 30, (second, first, tmp_path / "missing")) == 8 << 30
    assert memory_bound(None, (second, first)) is None


def test_where_nobody_tells_nothing_is_said(tmp_path):
    assert process_use(tmp_path).resident is None
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "statm").write_text("garbage")
    (tmp_path / "meminfo").write_text("MemTotal: lots")
    assert process_use(tmp_path).resident is None


def test_a_folder_that_is_not_there_yet_has_the_room_of_the_one_above(tmp_path):
    room = room_of(tmp_path / "to" / "come")
    assert room is not None
    assert 0 < room.free < room.total
