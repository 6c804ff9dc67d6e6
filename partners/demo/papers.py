"""Writes the documents of the demonstration: one page of A4 each, as a PDF whose words can be found and copied."""

from __future__ import annotations

PAGE = (595, 842)  # points: A4
TOP, LEFT, LEADING = 760, 64, 17


def pdf(title: str, language: str, text: str) -> bytes:
    """A title and a text, line by line as it is written; its language and title are said to assistive technology."""
    lines = b"".join(b"%s Tj T*\n" % _literal(line) for line in text.strip().splitlines())
    size = b"%d %d" % PAGE
    words = b"BT /F1 20 Tf %d %d Td %s Tj\n0 -36 Td /F1 11 Tf %d TL\n" % (LEFT, TOP, _literal(title), LEADING)
    words += lines + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang %s /ViewerPreferences << /DisplayDocTitle true >> >>"
        % _literal(language),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % size,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title %s >>" % _literal(title),
    ]
    return _assembled(objects)


def _assembled(objects: list[bytes]) -> bytes:
    """The first object is the catalogue, the last one the information on the document."""
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end, size = len(written), len(objects) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    written += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, size - 1, end)
    return bytes(written)


def _literal(text: str) -> bytes:
    """A string of PDF in the Western alphabet, which has no narrow space."""
    written = text.replace("\u202f", "\u00a0").encode("cp1252", "replace")
    return b"(%s)" % written.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
