"""Which address leads to which view? Public paths are translated and prefixed by their language."""

from functools import partial

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog
from django.views.static import serve

from partners.views import elected_members
from portal import cards, desk, documents, exchange_pages, opendata, sharing, signin, sitemaps, views, wellknown

urlpatterns = [
    # In the place of the admin's own, so that the dialogs of the rich text editor speak the editor's language too.
    path("admin/jsi18n/", JavaScriptCatalog.as_view(packages=["django.contrib.admin", "django_prose_editor"])),
    path("admin/desk/", admin.site.admin_view(desk.page), name="desk"),
    path("admin/desk/exchange/", admin.site.admin_view(exchange_pages.exchange), name="exchange"),
    path("admin/", include(signin.urlpatterns)),
    path("admin/", admin.site.urls),
    path("media/__processed__/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / "__processed__"}),
    re_path(r"^media/documents/(?P<name>[a-z0-9_-]{1,100}\.[a-z]{3,4})$", documents.serve),
    re_path(r"^cards/(?P<digest>[0-9a-f]{24})/(?P<page>.{2,400})\.jpg$", cards.serve, name="card"),
    path("share/<str:secret>/<str:language>/", sharing.shared, name="shared"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap),
    path("data/", opendata.short),
    re_path(r"^data/(?P<name>[a-z-]+)\.(?P<kind>csv|json)$", opendata.dataset, name="dataset"),
    path("robots.txt", sitemaps.robots),
    path("humans.txt", wellknown.humans),
    path(".well-known/security.txt", wellknown.security, name="security"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path(_("partners/"), include("partners.urls")),
        path(_("elected-members/"), elected_members, name="elected_members"),
        path(_("themes/"), include("themes.urls")),
        path(_("news/"), include("news.urls")),
        path("site.webmanifest", wellknown.manifest, name="manifest"),
        path(_("data/"), opendata.page, name="data"),
        path(_("site-map/"), sitemaps.plan, name="plan"),
        path(_("search/"), views.search, name="search"),
        path("<slug:slug>/", views.PageView.as_view(), name="page"),
        prefix_default_language=True,
    ),
]

handler400, handler403, handler404, handler500 = (partial(views.error, status=code) for code in (400, 403, 404, 500))
