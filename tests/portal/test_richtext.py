"""What an editor, an import or a command may put on a page."""

import re

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from modeltranslation.translator import translator

from partners.models import Partner
from portal.richtext import CLEANER, RichTextField, clean, dangers, plain, render
from portal.tidy import TAGS, TOKEN
from tests.factories import make_partner

REGULAR = [
    "<p>One</p><p>Two</p>",
    "<h3>Heading</h3><p>Text with <strong>strong</strong> and <em>emphasised</em> words</p>",
    "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>",
    "<ul><li><p>a</p><p>b</p></li></ul>",
    "<blockquote><p>Water is what neighbours have in common.</p></blockquote>",
    '<p><a href="https://example.org/a?b=1&amp;c=2">out</a>, <a href="/fr/themes/">in</a></p>',
    '<p><a href="mailto:a@example.org">write</a> or <a href="tel:+33321216262">call</a></p>',
    "<p>1, rue de la Mer<br>Arras</p>",
    "<p>Le budget\u00a0: 3\u202f%\u202f; l’État</p>",
    "<p>R&amp;D, 1 &lt; 2, &lt;script&gt; in words</p>",
]

NORMALISED = [
    ("<b>x</b> and <i>y</i>", "<p><strong>x</strong> and <em>y</em></p>"),
    ("<h1>a</h1><h2>b</h2><h4>c</h4>", "<h3>a</h3><h3>b</h3><h3>c</h3>"),
    ("<P CLASS=MsoNormal STYLE='color:red'><SPAN LANG=FR>a</SPAN><o:p></o:p></P><!-- x -->", "<p>a</p>"),
    ("<div><div>a</div><div>b</div></div>", "<p>a</p><p>b</p>"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "<p>a b</p><p>c</p>"),
    ('<b style="font-weight:normal"><p>a</p><p>b</p></b>', "<p>a</p><p>b</p>"),
    ("<p>a</p>\n<p>&nbsp;</p><p><br></p><p><strong> </strong></p>\n<p>b</p>", "<p>a</p><p>b</p>"),
    ("<p>  a \n b&nbsp; c<br></p>", "<p>a b c</p>"),
    ("<p>prix&nbsp;: 3&nbsp;&nbsp;€</p>", "<p>prix\u00a0: 3\u00a0€</p>"),
    (
        "<ul><li><p>a</p></li><li><p>b</p><ul><li>c</li></ul></li></ul>",
        "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
    ),
    ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    ("<ul>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
    ("<li>a</li><li>b</li>", "<p>a</p><p>b</p>"),
    ("<blockquote>q</blockquote>", "<blockquote><p>q</p></blockquote>"),
    ("<h2>a<p>b</p></h2>", "<h3>a</h3><p>b</p>"),
    ("<ul><li>one<p></p>two</li></ul>", "<ul><li>one two</li></ul>"),
    ('<a href="www.example.org" target="_blank" rel="opener">x</a>', '<p><a href="https://www.example.org">x</a></p>'),
    ('<a href="arras.fr/a?b#c">x</a>', '<p><a href="https://arras.fr/a?b#c">x</a></p>'),
    ('<a href="a.b@arras.fr">x</a>', '<p><a href="mailto:a.b@arras.fr">x</a></p>'),
    ('<p><a name="_Toc1"></a><a href="#_ftn1">x</a></p>', "<p>x</p>"),
    ("a & b < c", "<p>a &amp; b &lt; c</p>"),
    ("First.\r\n\r\n \r\nSecond,\r\nsame paragraph.", "<p>First.</p><p>Second,<br>same paragraph.</p>"),
    ("<p></p>", ""),
    (" \n ", ""),
    ("", ""),
]

HARMFUL = [
    ("<p>a</p><script>alert(1)</script>", "<p>a</p>", ["<script>"]),
    ("<style>p{}</style>a", "<p>a</p>", ["<style>"]),
    ("<iframe src='https://example.org'>b</iframe>a", "<p>a</p>", ["<iframe>"]),
    ("<object data='x'></object><embed src='x'>a", "<p>a</p>", ["<object>", "<embed>"]),
    ("<p onclick='x()'>a</p>", "<p>a</p>", ["onclick"]),
    ("<img src=x onerror=alert(1)>a", "<p>a</p>", ["onerror"]),
    ("<svg onload=alert(1)></svg>a", "<p>a</p>", ["onload"]),
    ("<a href='javascript:alert(1)'>a</a>", "<p>a</p>", ["javascript:"]),
    ("<a href=' JaVa\nscript:alert(1)'>a</a>", "<p>a</p>", ["javascript:"]),
    ("<a href='data:text/html,x'>a</a>", "<p>a</p>", ["data:"]),
    ("<a href='//example.org'>a</a>", "<p>a</p>", []),
    ("<a href='/\\example.org'>a</a>", "<p>a</p>", []),
    ("<a href='/\t/example.org'>a</a>", "<p>a</p>", []),
    ("<p style='x' class='y'>a</p>", "<p>a</p>", []),
    ("<p>onclick=, javascript: and &lt;script&gt; in words</p>", None, []),
]


@pytest.mark.parametrize("html", REGULAR)
def test_what_is_allowed_comes_through_unchanged(html):
    assert clean(html) == html


@pytest.mark.parametrize(("html", "regular"), NORMALISED)
def test_foreign_mark_up_is_brought_into_one_form(html, regular):
    assert clean(html) == regular


@pytest.mark.parametrize(("html", "left", "named"), HARMFUL)
def test_what_could_harm_is_dropped_and_named(html, left, named):
    assert clean(html) == (html if left is None else left)
    assert dangers(html) == named


pieces = st.one_of(
    st.sampled_from([f"<{slash}{tag}>" for tag in [*TAGS, "b", "div", "td", "script", "x"] for slash in ("", "/")]),
    st.sampled_from(
        ['<a href="/x">', "<a href='//x' onclick=y>", "&nbsp;", "&lt;b&gt;", "\n\n", " ", "<!--", "-->", "<"]
    ),
    st.text(max_size=5),
)
soups = st.lists(pieces, max_size=25).map("".join)


@given(soups)
def test_cleaning_twice_changes_nothing(html):
    assert clean(clean(html)) == clean(html)


@given(soups)
def test_a_clean_text_holds_only_allowed_tags_each_closed_and_none_empty(html):
    text, still_open = clean(html), []
    assert CLEANER.clean(text).replace("&nbsp;", "\u00a0") == text
    for slash, name, _attributes, _text in TOKEN.findall(text):
        if slash:
            assert still_open.pop() == name
        elif name and name != "br":
            still_open.append(name)
    assert not still_open
    assert not re.search(r"<(\w+)[^>]*></\1>", text)


@given(st.text(st.characters(exclude_characters="<", exclude_categories=["Cc", "Cs"])))
def test_no_word_of_a_plain_text_is_lost(text):
    assert plain(clean(text.replace("&", "&amp;"))).split() == text.split()


def test_the_words_alone_keep_paragraphs_apart_and_inline_tags_together():
    assert plain("<h3>A</h3><p>b<strong>c</strong><br>d &amp; e\u00a0: f</p>") == "A bc d & e\u00a0: f"
    assert plain(None) == ""


def test_headings_are_raised_where_the_page_asks_for_it():
    html = "<h3>How it works</h3><p>So.</p>"
    page = Template("{{ two }}{{ three }}{{ none }}").render(
        Context({"two": render(html, heading=2), "three": render(html), "none": render(None)})
    )
    assert page == "<h2>How it works</h2><p>So.</p><h3>How it works</h3><p>So.</p>"


class PresentationForm(forms.Form):
    text = Partner._meta.get_field("presentation_fr").formfield()


def test_a_form_takes_what_was_pasted_from_a_word_processor():
    form = PresentationForm({"text": '<p class="MsoNormal"><span style="color:red">Bonjour</span></p>'})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "<p>Bonjour</p>"


def test_a_script_is_refused_beside_its_field_and_what_was_typed_is_still_there():
    with translation.override("en"):
        form = PresentationForm({"text": "<p onclick='x'>Kept</p><script>alert(1)</script>"})
        assert not form.is_valid()
        assert "code that a page must not carry: onclick, &lt;script&gt;." in str(form.errors["text"])
    field = str(form["text"])
    assert "&lt;p onclick=&#x27;x&#x27;&gt;Kept&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in field
    assert "<script>" not in field


def test_a_text_that_the_editor_wrote_otherwise_has_not_changed():
    initial = {"text": "<ul><li>a</li></ul>"}
    assert not PresentationForm({"text": "<ul><li><p>a</p></li></ul>"}, initial=initial).has_changed()
    assert PresentationForm({"text": "<ul><li><p>b</p></li></ul>"}, initial=initial).has_changed()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_door_of_the_models_lets_anything_else_in(language):
    bad, good = "<p>a</p><script>x</script>", "<p>a</p>"
    with translation.override(language):
        partner = make_partner(presentation_fr=bad)
        partner.presentation_en = bad
        partner.save()
        Partner.objects.filter(pk=partner.pk).update(cooperation_fr=bad)
        partner.themes_intro_fr = bad
        Partner.objects.bulk_update([partner], ["themes_intro_fr"])
    columns = ["presentation_fr", "presentation_en", "cooperation_fr", "themes_intro_fr", "cooperation_en"]
    assert Partner.objects.values_list(*columns).get() == (good, good, good, good, None)


def test_every_rich_text_is_translated_and_plain_text_to_migrations():
    translated = translator.get_options_for_model(Partner).all_fields
    for field in Partner._meta.get_fields():
        if isinstance(field, RichTextField):
            assert re.sub("_(fr|en)$", "", field.name) in translated
            assert field.deconstruct()[1] == "django.db.models.TextField"
