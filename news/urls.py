"""`/fr/actualites/…` and `/en/news/…`; feeds have a dot in their address, so that no item's slug can take it."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from news import feeds, views
from portal.public import public_page

app_name = "news"
urlpatterns = [
    path("", views.items, name="list"),
    path("atom.xml", public_page()(feeds.NewsFeed()), name="feed"),
    path(_("partners/<slug:slug>/atom.xml"), public_page()(feeds.SubjectFeed("partner")), name="partner_feed"),
    path(_("themes/<slug:slug>/atom.xml"), public_page()(feeds.SubjectFeed("theme")), name="theme_feed"),
    path("<slug:slug>/", views.NewsItemView.as_view(), name="detail"),
]
