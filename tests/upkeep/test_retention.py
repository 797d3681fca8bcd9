"""Which archives stay, by the rule; and that nothing goes that is not ours and whole."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from upkeep.backup import retention
from upkeep.backup.encryption import Key
from upkeep.backup.errors import BackupError
from upkeep.backup.retention import (
    Archive,
    archives_in,
    name_for,
    read_rule,
    superfluous,
    take_away_old,
    take_away_partial,
)

NOW = datetime(2022, 12, 31, 1, 30)  # noqa: DTZ001  names of archives are local time


def nights(count: int) -> list[Archive]:
    return [Archive(Path(str(n)), NOW - timedelta(days=n)) for n in range(count)]


def kept(archives, rule) -> list[str]:
    gone = superfluous(archives, rule)
    return [str(archive.path) for archive in archives if archive not in gone]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("3", "0 1 2"),
        ("1", "0"),
        ("99", " ".join(map(str, range(40)))),
        ("3d", "0 1 2"),
        ("2w", "0 6"),  # Saturday 31/12; Sunday 25/12 is the newest of the week before
        ("2m", "0 31"),  # 30/11
        ("2d2w", "0 1 6"),
        ("2d2w2m", "0 1 6 31"),
    ],
)
def test_rule_keeps_the_newest_of_each_period(rule, expected):
    assert kept(nights(40), rule) == expected.split()


def test_all_of_the_last_day_stay_beside_the_nightly_ones():
    hours = [Archive(Path(str(n)), NOW - timedelta(hours=n)) for n in (0, 1, 2, 23, 25, 30)]

    assert kept(hours, "2d") == ["0", "1", "2", "23"]


@pytest.mark.parametrize("rule", ["", "0", "0d0w", "d", "x", "4w7d", "-1", "7 d", "7y"])
def test_what_is_no_rule_says_so(rule):
    with pytest.raises(BackupError, match="không phải cách giữ"):
        read_rule(rule)


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in (
        "hocxahoi-20221229-013000.tar",
        "hocxahoi-20221230-013000.tar.enc",
        "hocxahoi-20221231-013000.tar",
        "hocxahoi-20221230-013000.tar.partial",
        "cua-nguoi-khac-20221201-013000.tar",
        "hocxahoi-20221201-013000.tar.bak",
    ):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def left(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_only_our_own_archives_go_and_only_such_as_are_whole(folder, monkeypatch):
    def check(path, key):
        if path.suffix == ".enc":
            raise BackupError("Sai khóa")

    monkeypatch.setattr(retention, "check_archive", check)
    before = set(left(folder))

    told = list(take_away_old(folder, "1", None))

    assert before - set(left(folder)) == {"hocxahoi-20221229-013000.tar"}
    assert told == [
        "bản cũ hocxahoi-20221230-013000.tar.enc không kiểm tra được nên không xóa: Sai khóa"
    ]


def test_a_key_is_asked_of_the_encrypted_ones_alone(folder, monkeypatch):
    asked = {}
    monkeypatch.setattr(retention, "check_archive", lambda path, key: asked.update({path: key}))
    key = Key(bytes(32))

    list(take_away_old(folder, "1", key))

    assert {path.name: each for path, each in asked.items()} == {
        "hocxahoi-20221229-013000.tar": None,
        "hocxahoi-20221230-013000.tar.enc": key,
    }, "those made before there was a key go as well"


def test_an_archive_that_is_not_one_is_not_taken_away(folder):
    told = list(take_away_old(folder, "1", None))

    assert len(told) == 2
    assert len(archives_in(folder)) == 3


def test_what_a_killed_run_left_goes(folder):
    take_away_partial(folder)

    assert "hocxahoi-20221230-013000.tar.partial" not in left(folder)
    assert len(left(folder)) == 5


def test_two_archives_of_one_second_have_two_names(tmp_path):
    at = datetime.fromisoformat("2022-12-31T01:30:00+07:00")
    first = name_for(tmp_path, at, is_encrypted=False)
    first.touch()
    second = name_for(tmp_path, at, is_encrypted=False)

    assert (first.name, second.name) == (
        "hocxahoi-20221231-013000.tar",
        "hocxahoi-20221231-013001.tar",
    )
    assert [each.path for each in archives_in(tmp_path)] == [first]
