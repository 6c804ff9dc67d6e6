"""Dates and numbers as the portal writes them in French: the first of the month is an ordinal in the text, not here."""

DATE_FORMAT = "j\u00a0F\u00a0Y"
DATETIME_FORMAT = "j\u00a0F\u00a0Y à H:i"
TIME_FORMAT = "H:i"
THOUSAND_SEPARATOR = "\u202f"
NUMBER_GROUPING = 3
