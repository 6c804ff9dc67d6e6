"""`/fr/partenaires/…` and `/en/partners/…`."""

from django.urls import path

from partners import views

app_name = "partners"
urlpatterns = [
    path("", views.partners, name="list"),
    path("<slug:slug>/", views.PartnerView.as_view(), name="detail"),
]
