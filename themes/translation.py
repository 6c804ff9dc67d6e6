"""Which fields of a work theme are translated?"""

from modeltranslation.translator import TranslationOptions, register

from portal.translation import PUBLICATION
from themes.models import WorkTheme


@register(WorkTheme)
class WorkThemeTranslation(TranslationOptions):
    fields = ("title", "summary", "body", *PUBLICATION)
