"""List the translations that are missing or out of date; exit code 1 when one of them is public."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.desk import Finding, content, gaps
from portal.languages import codes

COLUMNS = ("state", "language", "public", "page", "row", "column")


def lines(languages: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """One line for each gap of what is in the tables, drafts apart; a constant number of queries."""
    for record in content().public:
        yield from (_line(gap) for gap in gaps(record) if gap.language in languages)


def _line(gap: Finding) -> dict[str, Any]:
    is_public = getattr(gap.record, "is_public", lambda language: True)
    return {
        "state": gap.kind,
        "language": gap.language,
        "public": bool(is_public(language=gap.language)),
        "page": f"{gap.record._meta.label_lower} {gap.record.pk} {gap.record}",
        "row": f"{gap.row._meta.label_lower} {gap.row.pk}" if gap.row else "",
        "column": gap.column,
    }


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", action="append", choices=codes(), help="Only this one; may be repeated.")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(lines(tuple(options["language"] or codes())))
        self.stdout.write(
            json.dumps(found, ensure_ascii=False, indent=2) if options["format"] == "json" else _table(found)
        )
        if public := sum(line["public"] for line in found):
            raise CommandError(f"{public} public translations are missing or out of date.")


def _table(found: list[dict[str, Any]]) -> str:
    cells = [COLUMNS, *([_cell(line[name]) for name in COLUMNS] for line in found)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _cell(value: Any) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)
