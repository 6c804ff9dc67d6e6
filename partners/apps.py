from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("The Committee")

    def ready(self) -> None:
        from partners import findings, found, opendata
        from partners.models import Partner
        from portal import desk, sitemaps

        desk.register("mandate", _("mandate that has ended, without successor"), findings.ended_mandates)
        desk.register("figure", _("figure older than two years"), findings.old_figures)
        found.register()
        opendata.register()
        sitemaps.register(10, _("The partners"), "partners:list", Partner)
        sitemaps.register(11, _("Compare the partners"), "partners:compare")
        sitemaps.register(25, _("The elected members"), "elected_members")
