"""Sixty more partners, for pages that list them all."""

import django

django.setup()

from partners.demo.many import make  # noqa: E402

make(60)
