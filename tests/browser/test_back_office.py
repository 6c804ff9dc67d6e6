"""The back office in Chromium: rows put in order without a mouse and with one, the focal point, what a phone shows."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from partners.models import Partner
from portal.models import SiteSettings
from tests.factories import make_figure, make_member, make_page, make_partner, make_statement, make_theme
from tests.forms import fields_of
from tests.portal.test_documents import make_document
from tests.portal.test_images import make_image, picture_bytes

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def partner(live_server):
    image = make_image(picture_bytes((600, 400)))
    partner = make_partner("Nord", cover=image, presentation_fr="<p>Un.</p>")
    for place, name in enumerate(("Anne", "Bernard", "Chloé"), start=1):
        make_member(partner, name, position=place)
    make_figure(partner)
    make_statement(partner, make_theme())
    make_theme("Tourisme")
    SiteSettings.objects.create(pk=1, site_name_fr="Comité du Détroit")
    return partner


@pytest.fixture
def form(page, partner, signed_in):
    signed_in(page.context)
    page.goto(f"/admin/partners/partner/{partner.pk}/change/")
    page.wait_for_selector(".ordering")
    return page


def names(form):
    """Of the elected members, from top to bottom."""
    return form.eval_on_selector_all(
        "#elected_members-group .inline-related:not(.empty-form) [name$='-name']", "inputs => inputs.map(i => i.value)"
    )


def kept(client, partner):
    """Names of the elected members as the form shows them once saved."""
    typed = fields_of(client.get(f"/admin/partners/partner/{partner.pk}/change/"))
    return [typed[name] for name in sorted(typed) if name.startswith("elected_members-") and name.endswith("-name")][
        :-1
    ]


def save(form):
    form.click("[name=_draft]")
    form.wait_for_selector(".success")


def test_rows_are_put_in_order_by_keyboard(form, client, partner):
    button = form.locator("#elected_members-0 [data-move=down]")
    assert "Anne" in names(form)[0]
    button.focus()
    form.keyboard.press("Enter")
    form.keyboard.press("Enter")
    assert names(form) == ["Bernard", "Chloé", "Anne"]
    assert form.evaluate("document.activeElement.dataset.move") == "up"
    assert "3" in form.locator("#elected_members-group [data-told]").inner_text()
    save(form)
    assert kept(client, partner) == ["Bernard", "Chloé", "Anne"]


def test_rows_are_put_in_order_by_drag(form, client, partner):
    form.locator("#elected_members-2 .ordering__grip").hover()
    form.mouse.down()
    form.locator("#elected_members-2 .inline_label").hover()
    form.wait_for_selector("[data-folded]")
    top = form.locator("#elected_members-0 h3").bounding_box()
    form.mouse.move(top["x"] + 200, top["y"] + 5, steps=5)
    form.wait_for_function(
        "document.querySelector('#elected_members-group .inline-related').id === 'elected_members-2'"
    )
    form.mouse.move(top["x"] + 200, top["y"] + 8)
    form.mouse.up()
    assert names(form)[0] == "Chloé"
    save(form)
    assert kept(client, partner) == ["Chloé", "Anne", "Bernard"]


def test_a_new_row_can_be_first_and_another_taken_out_without_mixing_up_the_saved_ones(form, client, partner):
    add = form.locator("#elected_members-group .add-row a")
    add.click()
    form.fill("[name=elected_members-3-name]", "Denise")
    add.click()
    for _step in range(3):
        form.locator("#elected_members-3 [data-move=up]").click()
    assert names(form) == ["Denise", "Anne", "Bernard", "Chloé", ""]
    form.locator("#elected_members-4 .inline-deletelink").click()
    form.wait_for_timeout(50)
    assert names(form) == ["Denise", "Anne", "Bernard", "Chloé"]
    save(form)
    assert kept(client, partner) == ["Denise", "Anne", "Bernard", "Chloé"]


def test_a_new_row_has_a_rich_text_editor_that_works(form):
    form.locator("#partner_themes-group .add-row a").click()
    form.select_option("[name=partner_themes-1-theme]", label="Tourisme (EN)")
    form.locator("#partner_themes-1 .ProseMirror").first.click()
    form.keyboard.type("Parce que la mer.")
    save(form)
    assert "Parce que la mer." in form.content()


def test_without_javascript_the_places_are_typed(chromium, live_server, partner, signed_in):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    signed_in(context)
    page = context.new_page()
    page.goto(f"/admin/partners/partner/{partner.pk}/change/")
    assert page.locator("[name=elected_members-0-position]").is_visible()
    context.close()


def test_the_focal_point_is_clicked_on_the_picture_or_moved_by_keyboard(page, partner, signed_in):
    signed_in(page.context)
    page.goto(f"/admin/portal/image/{partner.cover.pk}/change/")
    box = page.locator("[data-picture]").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    across, down = page.locator("[name=focal_point_x]"), page.locator("[name=focal_point_y]")
    assert (across.input_value(), down.input_value()) == ("25", "50")
    down.focus()
    page.keyboard.press("ArrowRight")
    assert down.input_value() == "51"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_back_office_is_accessible_and_never_scrolls_sideways(
    chromium, live_server, partner, signed_in, width, scheme
):
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    signed_in(context)
    page, found = context.new_page(), []
    image, article = partner.cover.pk, make_page()
    article.documents.add(make_document())
    for path in (
        "",
        "partners/partner/",
        f"partners/partner/{Partner.objects.get().pk}/change/",
        "portal/image/",
        f"portal/image/{image}/change/",
        f"portal/image/{image}/delete/",
        "portal/sitesettings/1/change/",
        f"portal/page/{article.pk}/change/",
        "portal/document/add/",
    ):
        page.goto(f"/admin/{path}", wait_until="load")
        page.wait_for_timeout(200)
        report = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        found += [
            f"{path}: {problem['id']}: {node['html'][:200]}"
            for problem in report.response["violations"]
            for node in problem["nodes"]
        ]
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{path}: {wider} pixels wider than {width}"] if wider > 0 else []
    context.close()
    assert not found, "\n".join(found)
