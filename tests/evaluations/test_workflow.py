"""The table of steps is whole, and what is printed from it is fresh."""

from pathlib import Path

from evaluations.workflow import STATES, STEPS, Status, diagram, steps_in_words
from organisations.models import Role

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "huong-dan" / "21-qua-trinh.md"


def test_every_status_has_a_label_a_holder_and_a_way_in():
    targets = {step.target for step in STEPS.values()}

    assert set(STATES) == set(Status)
    assert targets | {Status.DRAFT} == set(Status)


def test_every_step_belongs_to_a_role_that_people_have():
    assert {step.role for step in STEPS.values()} <= set(Role.values)


def test_the_diagram_in_the_readme_is_the_table_of_today():
    assert diagram() in README.read_text(encoding="utf-8")


def test_the_table_in_the_guide_is_the_table_of_today():
    assert steps_in_words(dict(Role.choices)) in GUIDE.read_text(encoding="utf-8")
