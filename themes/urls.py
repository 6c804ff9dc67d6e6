from django.urls import path

from portal import views

app_name = "themes"
urlpatterns = [path("", views.home, name="list"), path("<slug:slug>/", views.page, name="detail")]
