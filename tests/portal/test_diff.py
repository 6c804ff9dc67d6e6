"""What an editor is shown of a change, seen or heard."""

import random
import time

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from portal.diff import word_diff


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("", "", []),
        (None, "Two words", [("insert", "Two words")]),
        ("Two words", "", [("delete", "Two words")]),
        ("The same", "The same", [("equal", "The same")]),
        ("Six  partners", "Six partners", [("equal", "Six partners")]),
        ("Six partners", "Seven partners", [("delete", "Six "), ("insert", "Seven "), ("equal", "partners")]),
        ("a < b", "a < c", [("equal", "a <"), ("delete", " b"), ("insert", " c")]),
        ("<p>One</p>", "<p>One</p><p>Two</p>", [("equal", "\nOne"), ("insert", "\nTwo")]),
        ("<p>One</p>", "<p><strong>One</strong></p>", [("equal", "\n"), ("insert", "[bold] "), ("equal", "One")]),
        ("<p>A &amp; B</p>", "<p>A &amp; C</p>", [("equal", "\nA & "), ("delete", "B"), ("insert", "C")]),
        (
            '<p><a href="https://a.example/?x=1&amp;y=2">A</a></p>',
            "<p>A</p>",
            [("equal", "\n"), ("delete", "[link to https://a.example/?x=1&y=2] "), ("equal", "A")],
        ),
    ],
)
def test_an_editor_reads_which_words_changed(old, new, runs):
    with override("en"):
        assert word_diff(old, new) == runs


def test_five_thousand_words_are_compared_in_half_a_second():
    words = random.Random(3)
    old = [words.choice(["de", "la", "les", *(f"mot{number}" for number in range(800))]) for _ in range(5000)]
    new = [word for word in old if words.random() > 0.03]
    begun = time.perf_counter()
    word_diff(" ".join(old), " ".join(new))
    assert time.perf_counter() - begun < 0.5


def test_a_screen_reader_hears_what_was_added_and_removed():
    with override("en"):
        html = render_to_string("components/diff.html", {"diff": word_diff("Six & <b", "Seven & <b"), "language": "fr"})
    assert html.strip().startswith('<div class="diff" lang="fr">')
    assert "[removed: </span>Six <span" in html and "[added: </span>Seven <span" in html
    assert "&amp; &lt;b" in html
