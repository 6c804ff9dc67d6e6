"""`make_partners` fills the portal, so that an operator sees how it bears many partners."""

import pytest
from django.core.management import CommandError, call_command

from partners.models import ElectedMember, KeyFigure, Partner, PartnerTheme
from portal import version
from tests.factories import make_partner, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def not_served(settings):
    settings.HTTPS = False


def test_there_are_as_many_as_asked_for_each_with_its_rows_in_both_languages(client):
    make_theme()
    call_command("make_partners", 12, verbosity=0)
    assert Partner.objects.count() == KeyFigure.objects.count() / 3 == PartnerTheme.objects.count() == 12
    assert (
        client.get("/en/partners/made-up-11/").status_code
        == client.get("/fr/partenaires/made-up-11/").status_code
        == 200
    )


def test_others_take_the_place_of_those_made_before_and_real_partners_stay():
    make_partner("Kent")
    call_command("make_partners", 5, verbosity=0)
    call_command("make_partners", 2, verbosity=0)
    assert Partner.objects.count() == 3
    call_command("make_partners", 0, verbosity=0)
    assert [partner.slug_en for partner in Partner.objects.all()] == ["department-of-kent"]
    assert not ElectedMember.objects.exists()


def test_visitors_see_them_at_once(django_capture_on_commit_callbacks):
    before = version.SiteVersion.objects.values_list("number", flat=True).first() or 0
    call_command("make_partners", 1, verbosity=0)
    assert version.SiteVersion.objects.get().number == before + 1


def test_where_the_portal_has_visitors_nothing_is_made_up(settings):
    settings.HTTPS = True
    with pytest.raises(CommandError, match="visitors"):
        call_command("make_partners", 3)
    assert not Partner.objects.exists()
