"""The words of `partners/wording.py`, for templates."""

from django import template

from partners import wording

register = template.Library()

for word in (
    wording.elected_heading,
    wording.mandate,
    wording.membership,
    wording.short_name,
    wording.figure_label,
    wording.figure_facts,
):
    register.filter(word.__name__, word)


@register.simple_tag
def named(readings):
    """Partners' names in a sentence: "Kent and Zeeland", "le Kent et la Zélande"."""
    return wording.join([wording.in_sentence(reading) for reading in readings])
