"""Every public page in Chromium: no violation of WCAG 2.2 A and AA, no sideways scroll, no breach of the policy."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils.translation import override

from partners.models import Partner
from portal.models import SiteSettings
from tests import factories

pytestmark = pytest.mark.browser

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SEATS = [("50.2910", "2.7775"), ("50.6292", "3.0573"), ("50.6292", "3.0573"), ("51.2720", "0.5290")]
LONG = "<h3>Titre</h3><p>Un texte avec <a href='/fr/'>un lien</a> et <strong>du poids</strong>.</p><ul><li>un</li></ul>"


@pytest.fixture
def paths(live_server):
    """The pages of a small site that shows every component, in both languages; one record is in French only."""
    SiteSettings.objects.create(pk=1, site_name_fr="Comité du Détroit", site_name_en="Straits Committee")
    theme, _other = factories.make_theme(body_fr=LONG, body_en=LONG), factories.make_theme("Économie")
    page = factories.make_page(body_fr=LONG, body_en=LONG, placement="legal")
    texts = {f"{name}_{code}": LONG for name in ("presentation", "committee") for code in ("fr", "en")}
    statuses = Partner.Status.values[:3]
    for number, (latitude, longitude) in enumerate(SEATS):
        make = factories.make_french_only if number == 2 else factories.make_partner
        fields = {"latitude": latitude, "longitude": longitude, "seat_fr": "Ville", "status": statuses[number % 3]}
        partner = make(f"Pays-{number}", **texts | fields, cooperation_fr=LONG, website="https://example.org/")
        factories.make_statement(partner, theme, is_lead=number == 0)
        factories.make_member(partner, quote_fr="Bonjour.", quote_en="Good day.", gender="F")
        factories.make_member(partner, "Avant", mandate_until=date(2021, 12, 31))
        factories.make_figure(partner, is_approximate=True, source_url="https://example.org/")
    item = factories.make_news(themes=[theme], partners=[partner], body_fr=LONG, body_en=LONG)
    factories.make_news("Rencontre", kind="event", starts_on=date(2022, 5, 3))
    shown = []
    for language in ("fr", "en"):
        with override(language):
            shown += [reverse(name) for name in ("home", "partners:list", "themes:list")]
        shown += [record.get_absolute_url(language) for record in (*Partner.objects.all(), theme, page, item)]
        shown.append(partner.get_sheet_url(language))
        shown += [f"{reverse('search')}?q={words}" for words in ("pays", "titre", "rien")]
        shown += [reverse(name) for name in ("news:list", "partners:compare", "elected_members", "data", "plan")]
    shown += ["/en/partners/?country=NL", f"/en/partners/compare/?partner={partner.slug_en}&sort=name"]
    return [*shown, "/fr/rien/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_accessible(chromium, live_server, paths, width, scheme):
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page, found = context.new_page(), []
    for path in paths:
        page.goto(path, wait_until="load")
        report = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(RULES)}})
        found += [
            f"{path}: {problem['id']}: {node['html']}"
            for problem in report.response["violations"]
            for node in problem["nodes"]
        ]
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{path}: {wider} pixels wider than {width}"] if wider > 0 else []
    context.close()
    assert not found, "\n".join(found)


def test_no_page_breaks_the_policy_or_asks_another_host(page, paths):
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in paths[:-1]:  # the last one is a 404, which a browser reports as an error
        page.goto(path, wait_until="load")
        drawn = page.locator(".coast-map__land").first
        assert not drawn.count() or drawn.bounding_box()["width"] > 100, f"{path}: the coast is not drawn"
    assert len(hosts) == 1


def test_the_keyboard_reaches_the_text_before_anything_else(page, paths):
    page.goto("/en/", wait_until="load")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_page_reads_in_forced_colours_and_on_paper(page, paths):
    page.goto(paths[3], wait_until="load")
    page.emulate_media(forced_colors="active")
    assert page.locator(".coast-map__name").first.is_visible()
    page.emulate_media(media="print", forced_colors="none")
    assert not page.locator(".site-nav").is_visible()
    assert page.locator("h1").is_visible()
