"""How does a file reach the storage, so that nobody ever reads half of it?"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage


def put(storage: Storage, name: str, content: bytes) -> None:
    """Write a file whole or not at all, in the place of the one that may be there."""
    path = Path(storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
