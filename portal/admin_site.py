"""What is the same on every page of the back office: its name, its policy, its language, the order of its index."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language


class BackOffice(AdminSite):
    site_header = site_title = _("Back office")
    index_title = _("What is on the site")
    enable_nav_sidebar = False
    apps_in_order = ("partners", "themes", "news", "portal", "auth")

    def get_urls(self):
        return [path("language/", self.admin_view(set_language), name="language"), *super().get_urls()]

    def login(self, request, extra_context=None):
        """The one door, which `portal/urls.py` puts at the same address."""
        from portal import signin  # it needs the models, which need this module's app first

        return signin.enter(request)

    def index(self, request, extra_context=None):
        """The home page, with how much there is to do."""
        from portal import desk  # as above

        return super().index(request, {"desk": desk.counts(request)} | (extra_context or {}))

    def admin_view(self, view, cacheable=False):
        """Lead first to the second factor that is demanded; widen the policy as `settings.ADMIN_CSP` says."""
        inner = super().admin_view(view, cacheable)

        def wrapped(request, *args, **kwargs):
            from portal import signin  # as above

            response: Any = signin.first_of_all(request) or inner(request, *args, **kwargs)
            response._csp_update = settings.ADMIN_CSP | getattr(response, "_csp_update", {})
            return response

        return wrapped

    def get_app_list(self, request, app_label=None):
        """Pages first, people last; apps of the same name are one group."""
        groups: dict[str, dict] = {}
        for app in sorted(super().get_app_list(request, app_label), key=self._place):
            groups.setdefault(str(app["name"]), app | {"models": []})["models"] += app["models"]
        return list(groups.values())

    def _place(self, app):
        order, label = self.apps_in_order, app["app_label"]
        return order.index(label) if label in order else len(order)


class BackOfficeConfig(AdminConfig):
    default_site = "portal.admin_site.BackOffice"
