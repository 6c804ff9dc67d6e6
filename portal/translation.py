"""Which fields of the portal's own models are translated?"""

from modeltranslation.translator import TranslationOptions, register

from portal.models import Document, Image, Page, SiteSettings

PUBLICATION = ("slug", "public_from", "public_until", "review_on", "confirmed")


@register(Image)
class ImageTranslation(TranslationOptions):
    fields = ("alt", "caption", "confirmed")


@register(Document)
class DocumentTranslation(TranslationOptions):
    fields = ("title", "confirmed")


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "body", *PUBLICATION)


@register(SiteSettings)
class SiteSettingsTranslation(TranslationOptions):
    fields = ("site_name", "tagline", "welcome", "introduction", "confirmed")
