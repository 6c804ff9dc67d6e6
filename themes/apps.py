from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemesConfig(AppConfig):
    name = "themes"
    verbose_name = _("The Committee")

    def ready(self) -> None:
        from portal import search
        from themes.models import WorkTheme

        search.register(WorkTheme, _("Theme"), "title", ["summary", "body"])
