"""Sixty more partners, for pages that list them all."""

import django

django.setup()

from tests.bench.many import make  # noqa: E402

make(60)
