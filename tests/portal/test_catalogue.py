"""Which mistakes of a translator does the check find?"""

import polib
import pytest

from portal import catalogue


def entry(**fields):
    return polib.POEntry(**{"msgid": "%(number)s partners", "msgstr": "%(number)s partenaires"} | fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, None),
        ({"msgstr": ""}, "not translated"),
        ({"flags": ["fuzzy"]}, "not translated"),
        ({"msgstr": "%(nombre)s partenaires"}, "other placeholders"),
        ({"msgid_plural": "many", "msgstr_plural": {0: "un partenaire", 1: "%(number)s partenaires"}}, None),
        ({"msgid_plural": "many", "msgstr_plural": {0: "un partenaire", 1: ""}}, "not translated"),
    ],
)
def test_a_mistake_is_named(tmp_path, settings, monkeypatch, fields, said):
    (tmp_path / "fr/LC_MESSAGES").mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    one = polib.POFile()
    one.append(entry(**fields))
    one.save(str(tmp_path / "fr/LC_MESSAGES/django.po"))
    monkeypatch.setattr(catalogue, "collect", lambda po: one)
    assert [line.partition(":")[0].startswith(said) for line in catalogue.problems()] == ([True] if said else [])


def test_a_text_that_the_code_gained_or_lost_is_named(tmp_path, settings, monkeypatch):
    (tmp_path / "fr/LC_MESSAGES").mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    held, code = polib.POFile(), polib.POFile()
    held.append(entry(msgid="gone", msgstr="parti"))
    held.save(str(tmp_path / "fr/LC_MESSAGES/django.po"))
    code.append(entry(msgid="new", msgstr=""))
    monkeypatch.setattr(catalogue, "collect", lambda po: code)
    assert catalogue.problems() == ["not in the catalogue: new", "no longer used: gone"]
    catalogue.update()
    assert catalogue.problems() == ["not translated: new"]


def test_the_catalogue_compiles_without_gettext_and_only_when_it_changed(tmp_path, settings):
    (tmp_path / "fr/LC_MESSAGES").mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path]
    one = polib.POFile()
    one.append(entry())
    one.save(str(tmp_path / "fr/LC_MESSAGES/django.po"))
    assert len(catalogue.compile_all()) == 1
    assert (tmp_path / "fr/LC_MESSAGES/django.mo").stat().st_size > 0
    assert catalogue.compile_all() == []
