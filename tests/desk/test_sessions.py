"""Sessions end by themselves, and wrong passwords make the door slow."""

from __future__ import annotations

from handouts.desk.sessions import FORGOTTEN, IDLE, LONGEST, MOST_SESSIONS, PAUSES, Door, Sessions


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time that is set."""
        return self.now


def test_a_session_ends_when_nobody_uses_it_and_at_the_end_of_a_day() -> None:
    """Each use counts; after twelve hours one signs in again whatever one does."""
    clock = Clock()
    sessions = Sessions(clock)
    idle, busy = sessions.begin(), sessions.begin()
    for _ in range(int(LONGEST / (IDLE / 2))):
        clock.now += IDLE / 2
        assert sessions.find(busy.key) is busy
    assert sessions.find(idle.key) is None
    clock.now += 1
    assert sessions.find(busy.key) is None


def test_a_new_password_ends_what_was_begun_with_the_old_one() -> None:
    """Whoever has left, or should not have had it, is out at the next request."""
    sessions = Sessions(Clock())
    session = sessions.begin("old")
    assert sessions.find(session.key, "old") is session
    assert sessions.find(session.key, "new") is None
    assert sessions.find(session.key, "old") is None


def test_there_are_never_very_many_sessions_and_each_has_secrets_of_its_own() -> None:
    """Whoever has been away longest goes."""
    sessions = Sessions(Clock())
    known = [sessions.begin() for _ in range(MOST_SESSIONS + 1)]
    assert sessions.find(known[0].key) is None
    assert sessions.find(known[-1].key) is known[-1]
    assert len({each.key for each in known} | {each.csrf for each in known}) == 2 * len(known)
    assert known[0].has(known[0].csrf)
    assert not known[0].has(known[1].csrf)
    assert not known[0].has("ü")


def test_the_door_opens_more_slowly_after_each_wrong_password() -> None:
    """1, 2, 4 … to 60 seconds; the right one, or a quarter of an hour, ends that."""
    clock = Clock()
    door, waits = Door(clock), []
    for _ in range(9):
        door.refuse()
        waits.append(door.wait())
        clock.now += door.wait()
        assert door.wait() == 0
    assert waits == [*PAUSES[1:], PAUSES[-1], PAUSES[-1]]
    for _ in range(2000):  # a night of guessing
        door.refuse()
    assert door.wait() == PAUSES[-1] == 60
    door.welcome()
    assert door.wait() == 0
    door.refuse()
    assert door.wait() == 1
    clock.now += FORGOTTEN + 1
    assert door.wait() == 0
