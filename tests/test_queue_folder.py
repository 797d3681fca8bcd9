"""The queue in a folder: a message is read whole or not at all, and no leftover stops it."""

import errno
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Queue
from kombu.exceptions import ChannelError, OperationalError

from hocxahoi.celery import app
from hocxahoi.queue_folder import Channel, Transport

QUEUE = "celery"


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "control").mkdir()
    return tmp_path


@pytest.fixture
def open_queue(folder):
    """A new line to the queue, as each process has one."""
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.05,
    }
    opened = []

    def open_line():
        Transport.global_state.clear()  # else it remembers what was bound, in whatever folder
        opened.append(Connection("filesystem://", transport_options=options))
        return opened[-1].SimpleQueue(Queue(QUEUE, Exchange(QUEUE), routing_key=QUEUE))

    yield open_line
    for line in opened:
        line.release()


def test_the_application_sends_by_it():
    with app.connection_for_write(url="filesystem://") as line:
        assert line.transport.Channel is Channel


def test_message_is_never_there_by_half(open_queue, folder, monkeypatch):
    """Looked for at the moment at which it is begun, and when the disk is full in the middle."""
    queue, seen = open_queue(), []
    queue.put("a")
    queue.get(timeout=5).ack()

    def half(path, text, **how):
        path.touch()
        seen.append([name.suffix for name in folder.glob("*.celery.*")])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises((ChannelError, OperationalError)):
        queue.put("b")

    assert seen == [[".part"]]
    assert list(folder.glob("*.celery.*")) == []


def test_unreadable_message_is_let_go_and_the_next_one_read(open_queue, folder):
    queue = open_queue()
    (folder / f"0_a.{QUEUE}.msg").touch()
    queue.put("b")

    assert queue.get(timeout=5).payload == "b"


def test_empty_table_of_queues_is_written_anew(open_queue, folder):
    open_queue().put("a")
    (table,) = (folder / "control").iterdir()
    table.write_text("")

    queue = open_queue()
    queue.put("b")

    assert [queue.get(timeout=5).payload for _ in range(2)] == ["a", "b"]
