"""What does a supervisor hear from a process that is alive, ready, or neither?"""

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from portal import health

LIVE, READY = "/health/live", "/health/ready"


@pytest.fixture(autouse=True)
def just_started(monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)


def test_a_process_is_alive_without_asking_the_database(client):
    response = client.get(LIVE)  # the database mark is absent: a query would raise
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


def test_a_process_is_ready_and_later_asks_one_query(client, db, django_assert_num_queries):
    assert client.get(READY).json() == {"status": "ok"}
    with django_assert_num_queries(1):
        response = client.get(READY)
    assert response.status_code == 200
    assert not response.cookies


def test_a_process_whose_database_is_gone_is_alive_and_not_ready(client, db, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("password of the database")

    with monkeypatch.context() as gone:
        gone.setattr(connection, "cursor", refuse)
        gone.setattr(connection, "close", lambda: None)
        response = client.get(READY)
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "missing": "database"})
    assert b"password" not in response.content
    assert client.get(LIVE).status_code == 200


def test_a_process_that_is_ahead_of_its_database_is_not_ready_until_it_is_migrated(client, transactional_db):
    call_command("migrate", "sessions", "zero", verbosity=0)
    try:
        assert client.get(READY).json() == {"status": "unavailable", "missing": "migrations"}
    finally:
        call_command("migrate", "sessions", verbosity=0)
    assert client.get(READY).json() == {"status": "ok"}


@pytest.mark.parametrize("address", [LIVE, READY])
def test_the_answer_needs_neither_https_nor_a_known_host(client, db, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(address, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/fr/").status_code == 301
    assert client.post(address).status_code == 405
    assert client.head(address).content == b""
