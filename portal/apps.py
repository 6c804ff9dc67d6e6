from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("The site")

    def ready(self) -> None:
        from portal import checks, search, version  # noqa: F401 (importing the checks registers them)
        from portal.models import Page

        version.connect()
        search.register(Page, _("Page"), "title", ["body"])
