"""How do templates stay readable and pages small? What only authors read is dropped when a template is loaded."""

import re

from django.template.base import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"\n[ \t]+")
SILENT = r"load|block|endblock|if|elif|else|endif|for|empty|endfor|with|endwith"  # tags that print nothing themselves
SILENT_LINE = re.compile(rf"^(\{{#.*#\}}|\{{% (?:{SILENT})\b[^%]*%\}})\n", re.MULTILINE)


class Loader(filesystem.Loader):
    """The project's own templates without indentation, and without the end of a line on which one silent tag stands.

    A blank stays where there was one, for a line keeps its end unless the line itself prints nothing.
    """

    def get_contents(self, origin: Origin) -> str:
        return SILENT_LINE.sub(r"\1", INDENTATION.sub("\n", super().get_contents(origin)))
