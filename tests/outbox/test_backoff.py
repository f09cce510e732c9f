from datetime import timedelta

from outbox.backoff import delay_after


def minutes(attempts: int, chance: float = 0.0) -> float:
    delay = delay_after(attempts, age=timedelta(), chance=chance)
    assert delay is not None
    return delay / timedelta(minutes=1)


def test_the_first_four_failures_are_followed_by_1_5_15_and_30_minutes() -> None:
    assert [minutes(attempts) for attempts in (1, 2, 3, 4)] == [1, 5, 15, 30]


def test_later_failures_are_followed_by_an_hour_with_up_to_ten_minutes_of_jitter() -> None:
    assert [minutes(5), minutes(50), minutes(5, chance=1.0)] == [60, 60, 70]


def test_after_four_days_there_is_no_further_attempt() -> None:
    assert delay_after(99, age=timedelta(days=4), chance=0.5) is None


def test_just_before_four_days_there_is_one() -> None:
    assert delay_after(99, age=timedelta(days=4, seconds=-1), chance=0.0) == timedelta(hours=1)
