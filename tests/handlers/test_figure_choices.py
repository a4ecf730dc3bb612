"""The buttons of a conflict: one for each number while there are two, else a list to pick from."""

from handlers.duties import act_buttons, one_button, ring_buttons
from handlers.figures import conflict_choices
from procedure import actions as a
from procedure.obligations import find
from tests.procedure import village as v


def differing(*said: tuple[int, str]) -> v.Walk:
    return v.concluded().all([(person, v.figure(value)) for person, value in said])


TWO = ((v.REPORTER, "35"), (v.EXPERT, "38"))


def test_two_numbers_have_a_button_each_and_one_to_measure_again() -> None:
    walk = differing(*TWO)
    buttons = conflict_choices(walk.incident, 2)
    assert [one["label"] for one in buttons] == ["figure_choice", "figure_choice", "measure_again"]
    assert [one["facts"]["amount"] for one in buttons[:2]] == ["35", "38"]
    assert buttons[1]["do"]["args"] == {"conflict": 2, "figures": [1, 2], "chosen": 2}
    owed = find(walk.incident, v.TERMS, "conflict:2")
    assert owed is not None and ring_buttons(owed, walk.incident) == buttons
    assert one_button(owed, walk.incident)["do"]["args"] == {"conflict": 2}


def test_a_number_that_two_units_say_has_one_button() -> None:
    walk = differing(*TWO, (v.DUTY, "35"))
    labels = [one["label"] for one in conflict_choices(walk.incident, 2)]
    assert labels == ["figure_choice", "figure_choice", "measure_again"]


def test_of_three_numbers_one_is_picked_from_a_list() -> None:
    walk = differing(*TWO, (v.DUTY, "40"))
    labels = [one["label"] for one in conflict_choices(walk.incident, 2)]
    assert labels == ["choose_figure", "measure_again"]
    owed = find(walk.incident, v.TERMS, "conflict:2")
    assert owed is not None and len(ring_buttons(owed, walk.incident)) == 3


def test_while_a_new_measurement_is_awaited_it_is_not_asked_for_again() -> None:
    walk = differing(*TWO)
    walk.does(v.EXPERT, a.SettleFigure(figures=(1, 2), chosen=None))
    labels = [one["label"] for one in conflict_choices(walk.incident, 2)]
    assert labels == ["figure_choice", "figure_choice"]


def test_what_is_settled_has_no_buttons() -> None:
    walk = differing(*TWO)
    walk.does(v.EXPERT, a.SettleFigure(figures=(1, 2), chosen=2, reason=v.REASON))
    assert conflict_choices(walk.incident, 2) == []


def test_every_other_duty_is_ended_by_its_first_act_where_there_is_room_for_one() -> None:
    walk = v.opened()
    owed = find(walk.incident, v.TERMS, "O2")
    assert owed is not None
    assert one_button(owed, walk.incident) == act_buttons(owed, walk.incident)[0]
