"""Is this process alive, and can it serve pages? What a supervisor and a proxy ask, over HTTP and under any host name.

It stands first among the middleware: the answer depends neither on the Host header nor on HTTPS, and says nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

_migrated = False  # once true it stays true: a process is started anew with each new code


def health(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers `/health/live` (no query) and `/health/ready` (1 query), and passes the rest on."""
    questions = {"/health/live": lambda: None, "/health/ready": what_is_missing}

    def answer(request: HttpRequest) -> HttpResponse:
        question = questions.get(request.path_info)
        if question is None:
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        missing = question()
        response = JsonResponse({"status": "unavailable", "missing": missing} if missing else {"status": "ok"})
        response.status_code = 503 if missing else 200
        response["Cache-Control"] = "no-store"
        return response

    return answer


def what_is_missing() -> str | None:
    """What keeps this process from serving pages: "database", "migrations", or None."""
    global _migrated
    try:
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        else:
            connection.ensure_connection()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return "database"
    return None if _migrated else "migrations"
