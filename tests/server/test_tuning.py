"""How PostgreSQL is set for a machine."""

import pytest

from server.embedded.tuning import MB, SETTINGS, Machine, machine, options

GB = 1024 * MB


def values(on):
    return dict(option.removeprefix("--").split("=", 1) for option in options(on))


@pytest.mark.parametrize(
    ("memory", "shared_buffers", "work_mem", "maintenance_work_mem"),
    [
        (512 * MB, "64MB", "8MB", "64MB"),
        (4 * GB, "128MB", "8MB", "64MB"),
        (16 * GB, "512MB", "32MB", "256MB"),
        (256 * GB, "512MB", "64MB", "512MB"),
    ],
)
def test_memory_follows_the_machine_within_bounds(memory, shared_buffers, work_mem, maintenance_work_mem):
    found = values(Machine(memory=memory, cores=2, shared=GB, disk=50 * GB))
    assert found["shared_buffers"] == shared_buffers
    assert found["work_mem"] == work_mem
    assert found["maintenance_work_mem"] == maintenance_work_mem


def test_a_small_shared_memory_is_not_used():
    """Containers have 64 MB of it."""
    assert values(Machine(memory=GB, cores=2, shared=64 * MB, disk=50 * GB))["dynamic_shared_memory_type"] == "mmap"
    assert values(Machine(memory=GB, cores=2, shared=GB, disk=50 * GB))["dynamic_shared_memory_type"] == "posix"


@pytest.mark.parametrize(("disk", "most"), [(GB, "1024MB"), (64 * GB, "4096MB"), (4_000 * GB, "8192MB")])
def test_the_log_has_its_share_of_the_disk_within_bounds(disk, most):
    assert values(Machine(memory=GB, cores=2, shared=GB, disk=disk))["max_wal_size"] == most


def test_what_was_answered_is_on_disk(tmp_path):
    found = values(machine(tmp_path / "not" / "there"))
    assert found["synchronous_commit"] == "on"
    assert "fsync" not in found


def test_every_setting_has_its_reason_and_stands_once():
    names = [setting.name for setting in SETTINGS]
    assert len(names) == len(set(names))
    assert all(setting.reason for setting in SETTINGS)
