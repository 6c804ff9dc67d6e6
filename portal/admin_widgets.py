"""The inputs that Django has not: a picture that shows itself, the point of it that must stay in sight, a list."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils.translation import gettext_lazy as _


class PictureInput(forms.FileInput):
    """A file input under the picture as it is now; the original has no public address."""

    template_name = "admin/widgets/picture.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["picture"] = value if getattr(value, "url", None) and not isinstance(value, str) else None
        return context

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs({"accept": ".jpg,.jpeg,.png,.webp,.avif"} | base_attrs, extra_attrs)


class Picker(AutocompleteSelectMultiple):
    """Several records, found while typing; without the button that clears them all, which no list may hold."""

    class Media:
        js = ["js/picker.js"]

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class FocalPointInput(forms.MultiWidget):
    """Two sliders, in percent from left and from top; `focal_point.js` lets the picture be clicked instead."""

    template_name = "admin/widgets/focal_point.html"
    use_fieldset = False

    def __init__(self, attrs=None):
        bounds = {"type": "range", "min": 0, "max": 100, "step": 1}
        across, down = ({"title": label} for label in (_("Percent from the left"), _("Percent from the top")))
        super().__init__({"x": forms.NumberInput(bounds | across), "y": forms.NumberInput(bounds | down)}, attrs)

    class Media:
        js = ["js/focal_point.js"]

    def decompress(self, value):
        try:
            return [round(float(part) * 100) for part in (value or "0.5x0.5").split("x")]
        except ValueError:
            return [50, 50]

    def value_from_datadict(self, data, files, name):
        parts = super().value_from_datadict(data, files, name)
        try:
            return "x".join(f"{min(max(int(part), 0), 100) / 100:g}" for part in parts)
        except (TypeError, ValueError):
            return "0.5x0.5"
