"""What the demonstration lacks to show every kind and state of a public page, and where they all are.

`python -m tests.browser.site.records` writes the records, and prints the pages as JSON: lists of name, language, path.
"""

import json
from datetime import date
from urllib.parse import urlencode

import django

django.setup()

from django.db.models import Q  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils.translation import override  # noqa: E402

from partners.demo import load  # noqa: E402
from partners.models import Partner  # noqa: E402
from portal.languages import codes  # noqa: E402
from tests import factories  # noqa: E402
from tests.test_every_page import NOT_INDEXED, OTHERS, RECORDS, path_of  # noqa: E402
from themes.models import WorkTheme  # noqa: E402

WORDS = "<p>La coopération des deux rives se fait phrase après phrase, et personne n’y a le dernier mot.</p>"
LONG = (
    "<h3>Un intertitre</h3><p>Un texte avec <a href='/fr/'>un lien</a> et <strong>du poids</strong>.</p>" + WORDS * 50
)
LONGEST_NAME = (
    "Communauté d’agglomération transfrontalière interdépartementale des Deux-Caps, de l’Audomarois et des Moulins"
)
SHOWN = (  # of the demonstration: full ones, one of them the longest; one in French only; each kind of editorial page
    *("pas-de-calais", "kent", "hauts-de-france", "transition-ecologique", "lancement-du-comite-a-arras"),
    *("le-comite", "mentions-legales", "accessibilite", "vie-privee"),
)
QUERIES = {  # name of the address → state of the page → its query
    "partners:list": {"filtered": {"country": "BE"}, "filtered to nobody": {"country": "NL", "status": "observer"}},
    "partners:compare": {"of two, by name": {"partner": ["kent", "nord"], "sort": "name"}},
    "search": {"with hits": {"q": "kent"}, "found elsewhere": {"q": "phrase"}, "without hits": {"q": "xylophone"}}
    | {"of nothing": {"q": "!"}},
    "news:list": {"of a kind": {"kind": "event"}},
}


def write() -> dict:
    """One bare record of each kind of page, and the states that the demonstration does not have."""
    records = {name: make() for name, make in RECORDS.items()}
    heir = Partner.objects.get(slug_fr="nord")
    former = {"status": "former", "left_on": date(2023, 6, 30), "joined_on": date(2020, 2, 5), "succeeded_by": heir}
    factories.make_partner("Westhoek", **former)
    texts = {f"{name}_{code}": LONG for name in ("presentation", "cooperation", "committee") for code in codes()}
    long = factories.make_partner("Audomarois", **texts | {"name_fr": LONGEST_NAME, "name_en": LONGEST_NAME})
    factories.make_member(long, role_fr=LONGEST_NAME * 2, role_en=LONGEST_NAME * 2, mandate_until=date(2021, 12, 31))
    factories.make_statement(long, WorkTheme.objects.get(slug_fr="jeunesse"), statement_fr=LONG, statement_en=LONG)
    factories.make_news(
        "Rencontre", kind="event", starts_on=date(2022, 5, 3), ends_on=date(2022, 5, 4), partners=[heir]
    )
    factories.make_news("Traversée", kind="project", starts_on=date(2022, 5, 3), body_fr=LONG, body_en=LONG)
    factories.make_news("Appel", kind="call", closes_on=date(2022, 5, 3), partners=[heir], public_from_en=None)
    return records


def pages(records: dict) -> list[tuple[str, str, str]]:
    """Every kind of page and its states: name of its address with its state, language, path."""
    full = records | {"partners:detail": Partner.objects.get(slug_fr="kent")}
    found = [(name, code, path_of(name, full, code)) for name in (*OTHERS, *NOT_INDEXED) for code in codes()]
    for name, states in QUERIES.items():
        found += [
            (f"{name} {state}", code, query_of(name, code, states[state])) for state in states for code in codes()
        ]
    for name, record in records.items():
        shown = Q(slug_fr__in=SHOWN) | ~Q(pk__in=demonstrated(type(record)))
        for each in type(record).objects.published().filter(shown).order_by("pk"):
            found += [(f"{name} {each.slug_fr[:30]}", code, each.get_absolute_url(code)) for code in codes()]
    return [*found, *(("404", code, f"/{code}/nothing/here/") for code in codes())]


def demonstrated(model: type) -> list:
    """Keys of the records of a model that come from the demonstration."""
    slugs = [words["slug_fr"] for each, words in load.records() if each is model]
    return model.objects.filter(slug_fr__in=slugs).values_list("pk", flat=True)


def query_of(name: str, language: str, query: dict) -> str:
    with override(language):
        return f"{reverse(name)}?{urlencode(query, doseq=True)}"


if __name__ == "__main__":
    print(json.dumps(pages(write())))
