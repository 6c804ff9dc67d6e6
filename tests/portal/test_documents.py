"""Documents: which are taken, how pages show them, how they are served, and what happens when they go."""

from datetime import date
from html import unescape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import override

from news.models import NewsItem
from portal.document_types import FORMATS, OPEN
from portal.documents import Document
from portal.drafts import publish, restore, save_draft
from portal.editions import Edition, working_draft
from portal.models import Page
from portal.rehearsal import rehearsal
from portal.snapshots import snapshot
from portal.staleness import state
from tests.factories import make_news, make_page
from tests.forms import fields_of
from tests.pages import Document as Html
from tests.portal.test_images import files

pytestmark = pytest.mark.django_db(transaction=True)

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"


def archive(**parts):
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as files_in:
        for name, content in parts.items():
            files_in.writestr(name, content)
    return written.getvalue()


def office(main, **more):
    return archive(**{"[Content_Types].xml": "<Types/>", main: "<x/>"} | more)


GOOD = {
    "a.pdf": PDF,
    "a.odt": archive(mimetype=OPEN + "text"),
    "a.ods": archive(mimetype=OPEN + "spreadsheet"),
    "a.odp": archive(mimetype=OPEN + "presentation"),
    "a.docx": office("word/document.xml"),
    "a.xlsx": office("xl/workbook.xml"),
    "a.pptx": office("ppt/presentation.xml"),
    "a.csv": "\ufeffpays;élus\nFR;3\n".encode(),
}
NONE, OTHER, MACROS, TABLE = "This file is none", "not what its name says", "macros", "UTF-8"
BAD = {
    "a.html": (HTML, NONE),
    "a.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", NONE),
    "a.docm": (office("word/document.xml"), NONE),
    "a.exe": (b"MZ", NONE),
    "a.pdf.html": (PDF, NONE),
    "no-suffix": (PDF, NONE),
    "page.pdf": (HTML, OTHER),
    "half.pdf": (PDF[:40], OTHER),
    "late.pdf": (HTML + PDF, OTHER),
    "page.docx": (HTML, OTHER),
    "sheet.docx": (GOOD["a.xlsx"], OTHER),
    "half.docx": (GOOD["a.docx"][:60], OTHER),
    "text.ods": (GOOD["a.odt"], OTHER),
    "macros.docx": (office("word/document.xml", **{"word/vbaProject.bin": "x"}), MACROS),
    "macros.odt": (archive(mimetype=OPEN + "text", **{"Basic/Standard/Module1.xml": "x"}), MACROS),
    "page.csv": (HTML, TABLE),
    "latin.csv": ("élus".encode("latin-1"), TABLE),
    "binary.csv": (b"a\0b", TABLE),
}


def upload(content=PDF, name="Ordre du jour.pdf"):
    return SimpleUploadedFile(name, content)


def make_document(title="Programme", **overrides):
    fields = {"file": upload(), "title_fr": title, "title_en": f"{title} (EN)", "dated_on": date(2020, 2, 5)}
    document = Document(**fields | overrides)
    document.full_clean()
    document.save()
    return document


def words(response):
    return unescape(response.content.decode())


@pytest.fixture
def publisher(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


# What is taken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_each_format_is_taken_and_named(name, media):
    document = make_document(file=upload(GOOD[name], name))
    assert document.format == FORMATS[f".{name[2:]}"].name
    assert document.size == len(GOOD[name])
    assert (media / document.file.name).read_bytes() == GOOD[name]


@pytest.mark.parametrize("name", BAD)
def test_what_is_none_of_them_or_lies_about_it_is_refused_in_words(name, media, publisher):
    content, word = BAD[name]
    sent = {"title_fr": "Titre", "written_in": "fr", "dated_on": "2020-02-05", "file": upload(content, name)}
    page = words(publisher.post("/admin/portal/document/add/", sent, headers={"accept-language": "en"}))
    assert word in page.partition('class="errorlist"')[2]
    with pytest.raises(ValidationError), override("en"):
        make_document(file=upload(content, name))
    assert not files(media) and not Document.objects.exists()


def test_a_file_that_is_too_heavy_is_refused(settings, publisher):
    settings.DOCUMENT_MAX_BYTES = 20
    with override("en"), pytest.raises(ValidationError, match="too heavy"):
        make_document()


def test_no_archive_is_unpacked_to_look_at_it(media):
    heavy = archive(mimetype=OPEN + "text", **{"content.xml": b"\0" * 50_000_000})
    assert make_document(file=upload(heavy, "a.odt")).format == "ODT"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_title_in_the_language_of_the_document_is_needed(language):
    with pytest.raises(ValidationError) as refusal:
        make_document(written_in=language, **{f"title_{language}": ""})
    assert f"title_{language}" in refusal.value.message_dict


def test_the_database_refuses_a_document_without_a_title():
    make_document()
    with pytest.raises(IntegrityError):
        Document.objects.update(title_fr="", title_en=None)


def test_a_title_whose_source_has_changed_is_out_of_date(publisher):
    document = make_document(written_in="en", title_fr="Programme", title_en="Programme (EN)")
    where = f"/admin/portal/document/{document.pk}/change/"
    sent = fields_of(publisher.get(where)) | {"title_en": "The programme of the day"}
    sent.pop("file", None)
    assert publisher.post(where, sent).status_code == 302
    assert state(Document.objects.get(), "title", "fr") == "stale"
    assert state(Document.objects.get(), "title", "en") is None


# Names and files --------------------------------------------------------------------------------------------------


def test_a_file_name_is_made_safe_and_cannot_be_guessed(media):
    document = make_document(file=upload(name="../../É tat <b>2020.PDF"))
    stem, token = document.file.name.removesuffix(".pdf").rsplit("-", 1)
    assert stem == "documents/e-tat-b2020" and len(token) == 16
    assert make_document("Autre", file=upload(name="../../É tat <b>2020.PDF")).file.name != document.file.name


def test_replacing_or_deleting_a_document_takes_its_file_away(media, client):
    document = make_document()
    former = document.file.url
    document.file = upload(GOOD["a.csv"], "b.csv")
    document.save()
    assert files(media) == [document.file.name]
    assert client.get(former).status_code == 404
    assert (document.format, document.size) == ("CSV", len(GOOD["a.csv"]))
    document.delete()
    assert files(media) == []


def test_an_upload_that_is_rehearsed_or_rolled_back_leaves_no_file(media):
    with rehearsal():
        make_document()
    with pytest.raises(RuntimeError), transaction.atomic():
        make_document()
        raise RuntimeError
    assert files(media) == []


# Serving ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_a_document_is_served_as_what_it_is_and_nothing_in_it_can_run(name, client, django_assert_num_queries):
    document = make_document(file=upload(GOOD[name], name))
    with django_assert_num_queries(0):
        response = client.get(document.file.url)
    assert b"".join(response) == GOOD[name]
    assert response["Content-Type"] == FORMATS[f".{name[2:]}"].mime
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("default-src 'none';")
    assert "immutable" in response["Cache-Control"]
    how = "inline" if name == "a.pdf" else "attachment"
    assert response["Content-Disposition"] == f'{how}; filename="{name}"'


@pytest.mark.parametrize(
    "name", ["missing.pdf", "..", "%2e%2e%2fsecret.pdf", "a.html", "..%5c.pdf", "a%00.pdf", "x" * 3000 + ".pdf"]
)
def test_no_other_file_is_served(name, client, media):
    (media / "documents").mkdir(parents=True)
    (media / "secret.pdf").write_bytes(PDF)
    (media / "documents" / "a.html").write_bytes(HTML)
    assert client.get(f"/media/documents/{name}").status_code in (400, 404)
    assert client.post("/media/documents/secret.pdf").status_code == 405


# On pages ---------------------------------------------------------------------------------------------------------


def listed(client, path):
    """The links to documents on a page."""
    return [link for link in Html(client.get(path)).all("a") if (link["href"] or "").startswith("/media/documents/")]


@pytest.mark.parametrize("make", [make_page, make_news])
def test_a_page_lists_its_documents_with_format_size_and_language(make, client):
    record = make()
    document = make_document(file=upload(b"%PDF-" + b" " * 1_300_000 + b"%%EOF"))
    record.documents.set([document, make_document("Budget", file=upload(GOOD["a.csv"], "b.csv"), written_in="en")])
    english = words_of(client.get(record.get_absolute_url("en")))
    assert f'<a href="{document.file.url}" hreflang="fr">Programme (EN)</a>' in english
    assert "PDF, 1.3\xa0MB, in French, " in english and "CSV, 1\xa0kB, <time" in english
    french = words_of(client.get(record.get_absolute_url("fr")))
    assert f'<a href="{document.file.url}">Programme</a>' in french
    assert "PDF, 1,3\xa0Mo, <time" in french and "CSV, 1\xa0ko, en anglais, " in french


def words_of(response):
    """The page on one line."""
    return response.content.decode().replace("\n", " ")


def test_a_title_that_is_not_translated_is_marked_with_its_language(client):
    page = make_page()
    page.documents.add(make_document("Dienstregeling", title_en="", written_in="nl"))
    assert 'hreflang="nl" lang="fr">Dienstregeling</a>' in client.get(page.get_absolute_url("en")).content.decode()


def test_a_page_without_documents_has_no_heading_for_them(client):
    assert "documents" not in client.get(make_page().get_absolute_url("en")).content.decode()


@pytest.mark.parametrize(("make", "queries"), [(make_page, 2), (make_news, 4)])
def test_many_documents_cost_one_query(make, queries, client, django_assert_num_queries):
    record = make()
    record.documents.set([make_document(f"Document {number}") for number in range(5)])
    client.get(record.get_absolute_url("en"))  # holds what is the same on every page
    with django_assert_num_queries(queries):
        client.get(record.get_absolute_url("en"))


# Drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_carries_documents_that_visitors_see_once_it_is_published_and_a_restore_takes_them_back(client):
    page, document = make_page(), make_document()
    former = publish(save_draft(page, changed(page, title_en="First"), None), None)
    draft = save_draft(page, changed(page, documents=[str(document.pk)]), None)
    assert not page.documents.exists() and not listed(client, page.get_absolute_url("en"))
    publish(draft, None)
    assert listed(client, page.get_absolute_url("en"))
    restore(former, None)
    assert page.documents.exists()
    publish(working_draft(page), None)
    assert not page.documents.exists()


def changed(record, **values):
    said = snapshot(record)
    return {"fields": said["fields"] | values, "rows": said["rows"]}


def test_an_editor_sees_the_document_in_the_preview_before_the_public_does(publisher):
    page, document = make_page(), make_document()
    where = f"/admin/portal/page/{page.pk}/change/"
    sent = fields_of(publisher.get(where)) | {"documents": [document.pk], "_preview": "en"}
    assert document.file.url in publisher.post(where, sent).content.decode()
    assert not page.documents.exists() and not Edition.objects.working().exists()


# Deleting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_page, make_news])
def test_a_document_that_a_page_names_is_not_deleted_and_the_page_is_named(make, publisher):
    record, document = make("Séance"), make_document()
    record.documents.add(document)
    where = f"/admin/portal/document/{document.pk}/delete/"
    shown = words(publisher.get(where, headers={"accept-language": "en"}))
    assert "First take it out of" in shown and "Séance" in shown
    publisher.post(where, {"post": "yes"})
    sent = {"action": "delete_selected", "_selected_action": [document.pk], "post": "yes"}
    publisher.post("/admin/portal/document/", sent)
    assert Document.objects.exists()
    record.documents.clear()
    publisher.post(where, {"post": "yes"})
    assert not Document.objects.exists()


def test_a_document_that_only_a_draft_names_is_not_deleted_either(publisher):
    page, document = make_page("Séance"), make_document()
    save_draft(page, changed(page, documents=[str(document.pk)]), None)
    where = f"/admin/portal/document/{document.pk}/delete/"
    assert "Séance" in words(publisher.get(where))
    publisher.post(where, {"post": "yes"})
    assert Document.objects.exists()


def test_documents_are_found_by_their_title_while_typing(publisher):
    make_document("Programme")
    asked = {"app_label": "news", "model_name": "newsitem", "field_name": "documents", "term": "progr"}
    found = publisher.get("/admin/autocomplete/", asked).json()["results"]
    assert [row["text"] for row in found] == ["Programme"]
    assert {Page, NewsItem} == {relation.related_model for relation in Document._meta.related_objects}
