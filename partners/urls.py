"""`/fr/partenaires/…` and `/en/partners/…`."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners import views

app_name = "partners"
urlpatterns = [
    path("", views.partners, name="list"),
    path(_("compare/"), views.compare, name="compare"),
    path("<slug:slug>/", views.PartnerView.as_view(), name="detail"),
    path(_("<slug:slug>/sheet/"), views.SheetView.as_view(), name="sheet"),
]
