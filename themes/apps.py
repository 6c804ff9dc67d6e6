from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemesConfig(AppConfig):
    name = "themes"
    verbose_name = _("The Committee")

    def ready(self) -> None:
        from portal import opendata, search, sitemaps
        from themes.models import WorkTheme

        search.register(WorkTheme, _("Theme"), ["summary", "body"])
        sitemaps.register(20, _("The themes"), "themes:list", WorkTheme)
        opendata.register(
            "themes",
            _("Themes"),
            WorkTheme,
            WorkTheme.objects.published,
            ("id", "id", _("number of the theme")),
            "title summary page",
            ("saved", "updated_at"),
        )
