"""Which words are built from a partner's data: headings, membership, mandates, short names?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, override, pgettext

from portal.figures import figure
from portal.languages import Text, active
from portal.templatetags.portal import spoken_day

ARTICLE = re.compile(r"^(le |la |les |l[’'])", re.IGNORECASE)


def short_name(text: Text) -> Text:
    """The name in a sentence without its French article, as on a map: "Essex" for "l'Essex"."""
    return Text(ARTICLE.sub("", text) if text.language == "fr" else text, text.language)


def in_sentence(partner: Any) -> Text:
    """The name as a sentence of the page takes it: without its article where it is in another language."""
    name = partner.name_in_sentence
    return name if name.language == active() else short_name(name)


def join(names: Sequence[str]) -> str:
    """ "Kent", "Kent and Zeeland", "Kent, Nord and Zeeland"."""
    if len(names) < 2:
        return "".join(names)
    return _t("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def tally(counts: Mapping[str, int]) -> str:
    """ "7 members, 1 associate and 1 observer. Each writes its own page."; empty when there is nobody."""
    nouns = {
        "member": ngettext("%(count)d member", "%(count)d members", counts["member"]),
        "associate": ngettext("%(count)d associate", "%(count)d associates", counts["associate"]),
        "observer": ngettext("%(count)d observer", "%(count)d observers", counts["observer"]),
        "former": ngettext("%(count)d former member", "%(count)d former members", counts["former"]),
    }
    found = join([noun % {"count": counts[status]} for status, noun in nouns.items() if counts[status]])
    return _t("%(tally)s. Each writes its own page.") % {"tally": found} if found else ""


def share_a_seat(partners: Sequence[Any]) -> str:
    """ "Nord and Hauts-de-France have their seat in the same town, Lille."""
    names = capfirst(join([in_sentence(partner) for partner in partners]))
    return _t("%(names)s have their seat in the same town, %(town)s.") % {"names": names, "town": partners[0].seat}


def not_on_the_map(missing: Sequence[Any], shown: int, number: int) -> list[str]:
    """Whom a map of the first `shown` of `number` leaves out: who is far away or without a seat, and the rest."""
    notes = [_t("Not on the map: %(names)s.") % {"names": join([in_sentence(partner) for partner in missing])}]
    numbers = {"shown": shown, "number": figure(Decimal(number), "none", active()).number}
    rest = [_t("The map and its list show the first %(shown)d of %(number)s partners.") % numbers]
    return [*(notes if missing else []), *(rest if number > shown else [])]


def headings(partner: Any) -> dict[str, Text]:
    """Headings of the sections, each in the language in which the partner's name is read."""
    language = partner.name_in_sentence.language
    with override(language):
        name = {"name": partner.name_in_sentence}
        words = {
            "cooperation": _t("%(name)s and cross-border cooperation") % name,
            "committee": _t("%(name)s and the Straits Committee") % name,
            "themes": _t("Work themes that matter to %(name)s") % name,
        }
    return {section: Text(capfirst(heading), language) for section, heading in words.items()}


def status(partner: Any) -> str:
    """ "founding member", "associate"…"""
    if partner.is_founder and partner.status == "member":
        return pgettext("status of a partner", "founding member")
    return partner.get_status_display()


def membership(partner: Any, brief: bool = False) -> str:
    """ "Founding member since 5 February 2020"; briefly, "Founding member" or "Member since 2021"."""
    words = {"status": capfirst(status(partner))}
    since = partner.joined_on
    if partner.status == "former":
        if not partner.left_on:
            return words["status"]
        days = {"first": since and spoken_day(since), "day": spoken_day(partner.left_on)}
        span = _t("%(status)s, from %(first)s to %(day)s") if since else _t("%(status)s, until %(day)s")
        return span % (words | days)
    if not since or (brief and partner.is_founder):
        return words["status"]
    if brief:
        return _t("%(status)s since %(year)s") % (words | {"year": since.year})
    return _t("%(status)s since %(day)s") % (words | {"day": spoken_day(since)})


def elected_heading(members: Sequence[Any]) -> str:
    """ "Élue", "Élu" or their plural; neutral when the forms of address differ or are not known."""
    genders = {member.gender for member in members}
    gender = genders.pop() if len(genders) == 1 else ""
    if len(members) > 1:
        plurals = {"F": pgettext("feminine", "Elected members"), "M": pgettext("masculine", "Elected members")}
        return plurals.get(gender) or pgettext("neutral", "Elected members")
    singulars = {"F": pgettext("feminine", "Elected member"), "M": pgettext("masculine", "Elected member")}
    return singulars.get(gender) or pgettext("neutral", "Elected member")


def mandate(member: Any) -> str:
    """ "from 2017 to 2021", "until 2021", "in 2021": of who left office, often only the years are known."""
    first, last = member.mandate_from, member.mandate_until.year
    if not first:
        return _t("until %(year)s") % {"year": last}
    if first.year == last:
        return _t("in %(year)s") % {"year": last}
    return pgettext("years", "from %(first)s to %(last)s") % {"first": first.year, "last": last}


def figure_label(figure: Any, row: Any) -> Text:
    """What stands under a figure: the words of its unit, then its label where that says more, or else its indicator."""
    label = row.label
    if not figure.unit:
        return label or Text(row.get_indicator_display(), active())
    if figure.unit.endswith(label):
        return Text(figure.unit, active())
    return Text(f"{figure.unit} {label}", label.language)


def figure_facts(row: Any) -> Text:
    """What a figure counts, where its indicator does not say it: "initial budget", but nothing for "area"."""
    label = row.label
    words = label.removeprefix("de ").removeprefix("d’") if label.language == "fr" else label
    with override(label.language):
        says_it = words == row.get_indicator_display()
    return Text("" if says_it else words, label.language)
