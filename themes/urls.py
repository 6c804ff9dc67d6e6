"""`/fr/themes/…` and `/en/themes/…`."""

from django.urls import path

from themes import views

app_name = "themes"
urlpatterns = [
    path("", views.themes, name="list"),
    path("<slug:slug>/", views.ThemeView.as_view(), name="detail"),
]
