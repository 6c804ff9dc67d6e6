"""What French law asks a public site to say: who publishes it, who hosts it, how accessible it is."""

import pytest
from django.utils.translation import override

from portal.models import SiteSettings
from tests.factories import make_page
from tests.pages import get

pytestmark = pytest.mark.django_db
SAID = {
    "publisher": "Département du Nord",
    "publication_director": "Camille Dupont",
    "host": "Hébergeur, 1 rue du Port, 59000 Lille, 03 00 00 00 00",
    "contact_email": "site@example.org",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_legal_notice_shows_what_the_settings_say(client, language):
    SiteSettings(pk=1, site_name_fr="Comité", **SAID).save()
    page = get(client, make_page(kind="legal").get_absolute_url(language))
    terms, said = (page.all(name) for name in ("dt", "dd"))
    assert len(terms) == len(said) == len(SAID)
    assert [element.text for element in said] == list(SAID.values())
    assert page.all("a", href="mailto:site@example.org")


def test_other_pages_do_not_repeat_it(client):
    SiteSettings(pk=1, site_name_fr="Comité", **SAID).save()
    assert not get(client, make_page(kind="about").get_absolute_url("fr")).all("dt")


@pytest.mark.parametrize("status", SiteSettings.AccessibilityStatus)
def test_the_mention_of_accessibility_is_the_one_of_the_settings(client, status):
    SiteSettings(pk=1, site_name_fr="Comité", site_name_en="Committee", accessibility_status=status).save()
    with override("en"):
        mention = f"Accessibility: {status.label}"
    assert mention in get(client, "/en/").one("footer").text
