"""The site's version: what moves it, and who notices when."""

import pytest
from django.db import IntegrityError, OperationalError, transaction

from portal import version
from portal.rehearsal import rehearsal
from portal.version import ASK_EVERY, Hold, SiteVersion
from tests.factories import make_draft, make_figure, make_member, make_page, make_partner, make_statement, make_theme


def number():
    return SiteVersion.objects.values_list("number", flat=True).first() or 0


def make_statement_of_its_own():
    return make_statement(make_partner(), make_theme())


@pytest.mark.parametrize(
    "make",
    [
        make_draft,
        make_page,
        make_theme,
        make_statement_of_its_own,
        lambda: make_figure(make_partner()),
        lambda: make_member(make_partner()),
    ],
)
def test_whatever_a_visitor_sees_moves_the_version_when_saved_and_when_deleted(db, make):
    record = make()
    before = number()
    record.save()
    saved = number()
    record.delete()
    assert before < saved < number()


def test_a_queryset_that_deletes_moves_the_version(db):
    partner = make_partner()
    before = number()
    type(partner).objects.all().delete()
    assert number() > before


@pytest.mark.django_db(transaction=True)
def test_a_save_and_its_move_are_one_transaction(monkeypatch):
    monkeypatch.setattr(version, "move", lambda *changed: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_partner()
    assert not SiteVersion.objects.exists()
    assert not make_partner.__globals__["Partner"].objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_undone_moves_nothing():
    make_partner("Nord")
    before, generation = number(), version.process.generation
    with pytest.raises(IntegrityError), transaction.atomic():
        make_partner("Kent")
        raise IntegrityError
    assert (number(), version.process.generation) == (before, generation)


def test_a_rehearsal_moves_nothing_and_keeps_nothing(db):
    before = number()
    with rehearsal():
        make_partner()
        assert version.held("names", lambda: ("secret", None)) == "secret"
    assert number() == before
    assert version.held("names", lambda: ("public", None)) == "public"


class Process:
    """A hold whose database and clock are in the test's hand."""

    def __init__(self):
        self.time, self.number, self.asked = 1_700_000_000.0, 1, 0
        self.hold = Hold(lambda: self.time, self.read)

    def read(self):
        self.asked += 1
        if self.number is None:
            raise OperationalError
        return self.number


def test_the_database_is_asked_at_most_once_a_second():
    process = Process()
    for _ in range(10):
        process.hold.current()
    assert process.asked == 1
    process.number = 2
    process.time += ASK_EVERY
    assert (process.hold.current(), process.asked) == (2, 2)


def test_a_clock_that_is_set_back_does_not_keep_a_process_from_asking():
    process = Process()
    process.hold.current()
    process.time -= 3600
    process.hold.current()
    assert process.asked == 2


def test_what_is_held_ends_with_the_version():
    process = Process()
    built = iter(range(10))

    def ask():
        return process.hold.held("points", lambda: (next(built), None))

    assert [ask(), ask()] == [0, 0]
    process.number, process.time = 2, process.time + 1
    assert [ask(), ask()] == [1, 1]
    process.hold.forget()
    assert ask() == 2


def test_what_was_built_before_a_publication_is_not_held_after_it():
    process = Process()

    def build():
        process.number = 2
        process.hold.forget()  # another thread publishes while this one builds
        return "old", None

    process.hold.held("points", build)
    assert process.hold.held("points", lambda: ("new", None)) == "new"


def test_an_answer_from_before_a_publication_is_not_believed():
    process = Process()
    plain = process.read

    def read():
        answer = plain()
        if process.asked == 1:
            process.number = 2
            process.hold.forget()  # another thread publishes while the answer is on its way
        return answer

    process.hold = Hold(lambda: process.time, read)
    assert process.hold.current() == 2


def test_a_number_that_comes_back_is_a_change_all_the_same():
    """A process that reads its own move before the commit, which is then undone, must not believe it later on."""
    process = Process()
    generations = set()
    for process.number in (1, 2, 1, 2):
        process.time += 1
        process.hold.current()
        generations.add(process.hold.generation)
    assert len(generations) == 4


def test_a_database_slower_than_the_interval_is_asked_once_a_question():
    process = Process()
    answers = iter([OperationalError, 1])

    def read():
        process.time += 2 * ASK_EVERY
        if (answer := next(answers)) is OperationalError:
            raise OperationalError
        return answer

    process.hold = Hold(lambda: process.time, read)
    for _ in ("who asked", "who waited for that answer"):
        with pytest.raises(OperationalError):
            process.hold.current()
    process.time += 1
    assert process.hold.current() == 1


def test_without_an_answer_there_is_no_version_and_nobody_asks_twice():
    process = Process()
    process.number = None
    for _ in range(3):
        with pytest.raises(OperationalError):
            process.hold.current()
    assert process.asked == 1
    process.number, process.time = 1, process.time + 1
    assert process.hold.current() == 1
