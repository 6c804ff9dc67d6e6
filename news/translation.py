"""Which fields of a news item are translated?"""

from modeltranslation.translator import TranslationOptions, register

from news.models import NewsItem
from portal.translation import PUBLICATION


@register(NewsItem)
class NewsItemTranslation(TranslationOptions):
    fields = ("title", "summary", "body", *PUBLICATION)
