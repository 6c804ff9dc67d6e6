"""Which fields of a partner and its rows are translated?"""

from modeltranslation.translator import TranslationOptions, register

from partners.models import ElectedMember, KeyFigure, Partner, PartnerTheme
from portal.translation import PUBLICATION


@register(Partner)
class PartnerTranslation(TranslationOptions):
    fields = (
        "name",
        "name_in_sentence",
        "summary",
        "presentation",
        "cooperation",
        "committee",
        "themes_intro",
        "seat",
        *PUBLICATION,
    )


@register(ElectedMember)
class ElectedMemberTranslation(TranslationOptions):
    fields = ("role", "quote", "confirmed")


@register(KeyFigure)
class KeyFigureTranslation(TranslationOptions):
    fields = ("label", "source_name", "note", "confirmed")


@register(PartnerTheme)
class PartnerThemeTranslation(TranslationOptions):
    fields = ("statement", "confirmed")
