from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("The site")

    def ready(self) -> None:
        from portal import checks, search, sitemaps, version  # noqa: F401 (importing the checks registers them)
        from portal.models import Page

        version.connect()
        sitemaps.register(0, _("Home"), "home")
        sitemaps.register(80, _("Open data"), "data")
        sitemaps.register(90, _("About this site"), model=Page)
        search.register(Page, _("Page"), ["body"])
