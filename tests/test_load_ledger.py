"""What `make load` calls a lost write, and a percentile: the figures of README rest on both."""

import pytest

from benchmarks.load.ledger import Write, lost, percentile


def chain(*texts: str) -> list[Write]:
    """Each typed by somebody who saw the one before."""
    return [Write(base, value) for base, value in zip(texts, texts[1:], strict=False)]


def test_a_chain_that_ends_in_what_is_stored_has_lost_nothing():
    assert lost(reversed(chain("", "a", "b", "c")), "c") == ""


def test_a_field_that_nobody_got_to_write_in_is_as_it_was():
    assert lost([], "a") == ""


@pytest.mark.parametrize(
    ("writes", "stored"),
    [
        (chain("", "a", "b"), "a"),  # the last one is gone
        (chain("", "a", "b"), ""),  # all of them
        (chain("", "a", "b"), "x"),  # something nobody typed
        ([*chain("", "a"), Write("", "b")], "b"),  # over another's head, untold
        ([*chain("", "a"), *chain("x", "b")], "b"),  # from a text that never stood there
    ],
)
def test_a_write_that_was_acknowledged_and_is_not_there_is_lost(writes, stored):
    assert lost(writes, stored) != ""


@pytest.mark.parametrize("stored", ["a", "b"])
def test_a_write_without_an_answer_may_be_there_or_not(stored):
    assert lost([*chain("", "a"), Write("a", "b", is_acknowledged=False)], stored) == ""


def test_a_write_without_an_answer_may_stand_between_two_that_have_one():
    writes = [*chain("", "a"), Write("a", "b", is_acknowledged=False), *chain("b", "c")]

    assert lost(writes, "c") == ""


@pytest.mark.parametrize(("share", "found"), [(50, 2), (95, 4), (99, 4), (25, 1)])
def test_a_percentile_is_the_least_that_so_many_do_not_exceed(share, found):
    assert percentile([4, 1, 3, 2], share) == found
