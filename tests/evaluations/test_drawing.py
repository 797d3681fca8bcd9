"""The draw: the same for everybody who redoes it, and nobody's luck but the seed's."""

from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.drawing import SEED_DIGITS, draw, random_seed, sort_key

COMMUNES = [f"{11800 + 3 * number}" for number in range(26)]
SEED = "27081964"
CODES = st.lists(st.text(min_size=1, max_size=12), max_size=40)


def test_the_same_seed_draws_the_same():
    # Redone by hand: printf '%s' '27081964:11800' | sha256sum, for each; sorted; the first four.
    assert draw(COMMUNES, 4, SEED) == ["11806", "11872", "11800", "11833"]


def test_the_key_is_what_any_tool_computes():
    assert sort_key(SEED, "11866") == sha256(b"27081964:11866").hexdigest()


def test_the_order_of_the_list_does_not_matter():
    assert draw(reversed(COMMUNES), 6, SEED) == draw(COMMUNES, 6, SEED)


def test_another_seed_draws_others():
    assert set(draw(COMMUNES, 6, SEED)) != set(draw(COMMUNES, 6, "27081965"))


@pytest.mark.parametrize(("wanted", "drawn"), [(0, 0), (-1, 0), (26, 26), (27, 26), (1000, 26)])
def test_no_more_are_drawn_than_there_are(wanted, drawn):
    assert len(draw(COMMUNES, wanted, SEED)) == drawn


def test_drawing_more_keeps_those_that_were_drawn():
    assert draw(COMMUNES, 9, SEED)[:4] == draw(COMMUNES, 4, SEED)


@given(codes=CODES, wanted=st.integers(0, 50), seed=st.text(max_size=20))
def test_what_is_drawn_is_of_the_list_and_once(codes, wanted, seed):
    drawn = draw(codes, wanted, seed)

    assert set(drawn) <= set(codes)
    assert len(drawn) == len(set(drawn)) == min(wanted, len(set(codes)))


def test_no_unit_is_favoured():
    """Over 4,000 seeds each of 26 is drawn 5/26 of the times: 769, give or take four sigmas."""
    rounds, wanted = 4000, 5
    got = Counter(code for seed in range(rounds) for code in draw(COMMUNES, wanted, str(seed)))

    expected = rounds * wanted / len(COMMUNES)
    sigma = (expected * (1 - wanted / len(COMMUNES))) ** 0.5
    assert all(abs(got[code] - expected) < 4 * sigma for code in COMMUNES)


def test_a_seed_that_the_machine_chooses_is_eight_digits():
    seeds = {random_seed() for _ in range(200)}

    assert len(seeds) > 190
    assert all(len(seed) == SEED_DIGITS and seed.isdecimal() and seed[0] != "0" for seed in seeds)
