"""The partners of the Committee, and what hangs on a partner's page."""

from partners.models.partner import Partner
from partners.models.rows import ElectedMember, KeyFigure, PartnerTheme, between

__all__ = ["ElectedMember", "KeyFigure", "Partner", "PartnerTheme", "between"]
