"""A document in Chromium: an editor uploads it without leaving the page that shows it, and it opens in the browser."""

import pytest

from portal.documents import Document
from portal.editions import Edition
from tests.factories import make_page
from tests.portal.test_documents import PDF, make_document

pytestmark = pytest.mark.browser


def upload(popup, content):
    popup.locator("#id_title_fr").fill("Ordre du jour")
    popup.locator("#id_file").set_input_files({"name": "seance.pdf", "mimeType": "application/pdf", "buffer": content})
    popup.locator("[name=_save]").click()


def test_a_document_is_added_from_the_page_that_will_show_it(page, signed_in):
    article = make_page()
    signed_in(page.context)
    page.goto(f"/admin/portal/page/{article.pk}/change/", wait_until="load")
    with page.expect_popup() as opened:
        page.locator("#add_id_documents").click()
    popup = opened.value
    upload(popup, b"<script>alert(1)</script>")
    assert "not what its name says" in popup.locator(".field-file .errorlist").inner_text()
    with popup.expect_event("close"):
        upload(popup, PDF)
    page.locator(".select2-selection__choice", has_text="Ordre du jour").wait_for()
    page.locator("[name=_draft]").click()
    page.wait_for_load_state("load")
    draft = Edition.objects.working().get()
    assert draft.snapshot["fields"]["documents"] == [str(Document.objects.get().pk)]
    assert not article.documents.exists(), "visitors see it once the draft is published"


def test_a_document_is_found_by_keyboard(page, signed_in):
    make_document("Programme")
    signed_in(page.context)
    page.goto(f"/admin/portal/page/{make_page().pk}/change/", wait_until="load")
    search = page.get_by_role("searchbox", name="Documents")
    search.focus()
    page.keyboard.type("progr")
    page.locator(".select2-results__option--highlighted", has_text="Programme").wait_for()
    page.keyboard.press("Enter")
    page.locator(".select2-selection__choice", has_text="Programme").wait_for()
