from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = _("The Committee")

    def ready(self) -> None:
        from news import views
        from news.models import NewsItem
        from partners.demo import load
        from partners.models import Partner
        from portal import opendata, pages, search, sitemaps
        from portal.models import SiteSettings
        from themes.models import WorkTheme

        pages.accompany(SiteSettings, views.on_home)
        pages.accompany(Partner, views.on_partners)
        pages.accompany(WorkTheme, views.on_themes)
        load.MORE.append((NewsItem, Path(__file__).parent / "demo.toml", "news"))
        search.register(NewsItem, _("news"), ["summary", "body"])
        sitemaps.register(30, _("News"), "news:list", NewsItem)
        opendata.register(
            "news",
            _("News"),
            NewsItem,
            lambda at: NewsItem.objects.published(at).latest_first().prefetch_related("partners", "themes"),
            ("id", "id", _("number of the item")),
            "title summary kind dated_on precision starts_on ends_on closes_on partners themes page",
            ("saved", "updated_at"),
        )
