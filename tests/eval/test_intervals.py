import pytest

from eval.intervals import calibrate, compare_pairs, estimate


def test_the_mean_is_over_all_values_and_lies_in_its_interval() -> None:
    found = estimate([("a", 1.0), ("a", 0.0), ("b", 1.0), ("c", 0.0), ("d", 1.0)])
    assert found.mean == 3 / 5
    assert 0 <= found.low < found.mean < found.high <= 1
    assert found.num == 5


def test_nothing_is_known_of_nothing() -> None:
    found = estimate([])
    assert (found.mean, found.low, found.high, found.num) == (0.0, 0.0, 1.0, 0)


def test_more_cases_narrow_the_interval_and_two_languages_of_a_case_do_not() -> None:
    few = [(str(n), float(n % 2)) for n in range(20)]
    many = [(str(n), float(n % 2)) for n in range(2000)]
    twice = [(name, value) for name, value in few for _ in range(2)]
    narrow, wide = estimate(many), estimate(few)
    assert narrow.high - narrow.low < (wide.high - wide.low) / 5
    assert estimate(twice).low == wide.low


def test_intervals_are_the_same_each_time() -> None:
    values = [(str(n), float(n % 3 == 0)) for n in range(30)]
    assert estimate(values) == estimate(values)


def test_a_change_of_every_case_is_sure_and_no_change_is_not() -> None:
    rose = compare_pairs([(str(n), 0.0, 1.0) for n in range(30)])
    assert (rose.change, rose.better, rose.worse) == (1.0, 30, 0)
    assert rose.low == rose.high == 1.0
    assert rose.p < 0.01
    still = compare_pairs([(str(n), 1.0, 1.0) for n in range(30)])
    assert (still.change, still.better, still.worse, still.p) == (0.0, 0, 0, 1.0)


def test_as_many_up_as_down_is_chance() -> None:
    found = compare_pairs([(str(n), float(n % 2), float(1 - n % 2)) for n in range(30)])
    assert found.change == 0.0
    assert found.low < 0 < found.high
    assert found.p > 0.9


def test_nothing_in_common_changes_nothing() -> None:
    assert compare_pairs([]).num == 0


def test_calibration_errors_equal_their_formulas() -> None:
    found = calibrate([(0.9, True), (0.9, True), (0.9, False), (0.2, False)])
    assert [item.num for item in found.bins] == [1, 3]
    assert found.error == pytest.approx((3 * abs(0.9 - 2 / 3) + 1 * 0.2) / 4)
    assert found.brier == pytest.approx((2 * 0.1**2 + 0.9**2 + 0.2**2) / 4)


def test_full_confidence_is_in_the_last_bin_and_no_answer_in_none() -> None:
    assert calibrate([(1.0, True)]).bins[0].low == 0.9
    assert calibrate([]).bins == ()
    assert calibrate([]).error == 0.0
