"""What an editor is told about a text, and what is passed over in silence."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from portal.proofreading import correct_typography, kept_terms, remarks

TERMS = kept_terms("Strait Committee = Straits Committee\n\nnonsense\n = \n")


@pytest.mark.parametrize(
    ("language", "text", "remark"),
    [
        (
            "en",
            "Le département est dans le nord de la France et il coopère avec les autres.",
            "Is this in another language? (French)",
        ),
        (
            "fr",
            "The county is the gateway to the continent and to its ports.",
            "Is this in another language? (English)",
        ),
        ("en", "The county is the gateway to the continent, called la Manche.", None),
        ("fr", "Le comité", None),
        ("en", "A budget of 1,5 million euros", "“1,5”: this language writes its numbers otherwise."),
        ("en", "1,462,167 inhabitants, 2.04 billion", None),
        ("en", "From 2019, 20 partners", None),
        ("fr", "Un budget de 2.04 milliards", "“2.04”: this language writes its numbers otherwise."),
        ("fr", "1.462.167 habitants", "“1.462.167”: this language writes its numbers otherwise."),
        ("fr", "Conforme au RGAA 4.1", None),
        ("fr", "2,04 milliards le 05.02.2020, voir https://a.example/1.5/", None),
        ("en", "It has worked for over 30 years.", "“for over 30 years” will be wrong next year: give the year."),
        ("en", "Founded ten years ago", "“ten years ago” will be wrong next year: give the year."),
        ("en", "A plan for the years to come", None),
        (
            "fr",
            "Il coopère depuis plus de trente ans.",
            "“depuis plus de trente ans” will be wrong next year: give the year.",
        ),
        ("fr", "Il coopère depuis 1987.", None),
        ("en", "The Strait Committee met.", "“Strait Committee”: we write “Straits Committee”."),
        ("en", "The Straits Committee met.", None),
        ("en", '<p>Read <a href="/x">here</a>.</p>', "The link “here” does not say where it leads."),
        ("fr", '<p>Voir <a href="/x">Ici</a></p>', "The link “Ici” does not say where it leads."),
        (
            "en",
            '<p><a href="/x">report.pdf</a></p>',
            "The link “report.pdf” is a file name or an address: say what it leads to.",
        ),
        ("en", '<p><a href="/x">The report (PDF, 2 MB)</a></p>', None),
        ("en", "<h4>Deep</h4>", "A heading skips a level."),
        ("en", "<h3>One</h3><p>Two</p><h3>Three</h3>", None),
        ("en", "<p><strong>Our work</strong></p>", "A paragraph all in bold looks like a heading: make it one."),
        ("en", "<p><strong>Our work counts.</strong></p>", None),
        ("fr", "Vraiment !", "Spaces, quotation marks or apostrophes are not those of French typography."),
        ("fr", "Vraiment\u202f!", None),
        ("en", "Really!", None),
        ("nl", "Het is niet meer dan een proef.", None),
    ],
)
def test_an_editor_is_told(language, text, remark):
    with override("en"):
        assert remarks(text, language, TERMS) == ((remark,) if remark else ())


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("L'eau, c'est la vie !", "L’eau, c’est la vie\u202f!"),
        ("Qui ? Moi ; toi!", "Qui\u202f? Moi\u202f; toi\u202f!"),
        ("Trois partenaires : a, b", "Trois partenaires\u00a0: a, b"),
        ("Trois partenaires: a", "Trois partenaires\u00a0: a"),
        ('Il dit "oui".', "Il dit «\u202foui\u202f»."),
        ("« oui », «non»", "«\u202foui\u202f», «\u202fnon\u202f»"),
        ("Vraiment ?!", "Vraiment\u202f?!"),
        ("À 10:30, voir http://a.example/?q=1;2 !", "À 10:30, voir http://a.example/?q=1;2\u202f!"),
        ('<p>L\'eau&nbsp;; <a href="/a?b">c</a> !</p>', '<p>L’eau&nbsp;; <a href="/a?b">c</a>\u202f!</p>'),
        ("Et puis...", "Et puis…"),
        ("Tom &amp; Jerry", "Tom &amp; Jerry"),
        ("", ""),
    ],
)
def test_french_typography_is_corrected_around_mark_up_and_addresses(typed, corrected):
    assert correct_typography(typed) == corrected
    assert correct_typography(corrected) == corrected


@given(st.text(alphabet="aé '\"«»;:!?.1 \u00a0\u202f<>&", max_size=30))
def test_correcting_a_second_time_changes_nothing(text):
    assert correct_typography(correct_typography(text)) == correct_typography(text)
