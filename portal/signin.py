"""How do the staff sign in, what is asked of them besides a password, and when are they refused?

Of django-allauth's pages those in `urlpatterns` alone are open: nobody signs up, or resets a password by mail.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.views import LoginView, ReauthenticateView, logout
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView, download_recovery_codes
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

# What answers before there is a second factor: setting it up, the codes that come with it, language, leaving.
BEFORE = {
    "mfa_activate_totp",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "admin:language",
    "admin:logout",
}
REFUSED = _("Too many failed tries. Wait a quarter of an hour, then try again.")


class Accounts(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("This name and this password do not go together."),
        "too_many_login_attempts": REFUSED,
        "rate_limited": REFUSED,
    }

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the minutes after signing in: what was typed just now is not asked for again."""
        typed = get_authentication_records(self.request, self.request.user)
        return not typed or time.time() - typed[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT


def first_of_all(request: HttpRequest) -> HttpResponse | None:
    """Where staff without the second factor that is demanded of them must go; the session keeps where they wanted to.

    One query where it is demanded, none otherwise.
    """
    name, user = request.resolver_match and request.resolver_match.view_name, cast(User, request.user)
    if not settings.SECOND_FACTOR or name in BEFORE or not admin.site.has_permission(request):
        return None
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        return None
    if request.method == "GET":
        request.session["onward"] = request.get_full_path()
    return redirect("mfa_activate_totp")


def _page(view: Any, title: Any, lead: Any = "", template: str = "sign_in") -> Callable[..., HttpResponse]:
    """A page of django-allauth in the look of the back office; its button says the title too."""
    inner = view.as_view(template_name=f"admin/{template}.html", extra_context={"title": title, "lead": lead})

    @wraps(inner)
    def dressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = inner(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.context_data = admin.site.each_context(request) | (response.context_data or {})
        return response

    return dressed


_entrance = _page(LoginView, _("Sign in"))


def enter(request: HttpRequest) -> HttpResponse:
    """Sign in; who has an account but is not staff is refused, rather than sent to and fro."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        raise PermissionDenied
    return _entrance(request)


def _staff(route: str, name: str, view: Any, *said: Any) -> URLPattern:
    """The address of a page for those who have signed in."""
    return path(f"security/{route}", admin.site.admin_view(_page(view, *said)), name=name)


_ASKED = _("Type the code that your authenticator app shows, or one of your recovery codes.")
_AGAIN, _REMOVE, _NEW = _("Confirm that it is you"), _("Remove the second factor"), _("Make new recovery codes")
_REMOVED = _("Your authenticator app and your recovery codes will no longer work here.")
_RENEWED = _("The recovery codes that you have now will no longer work.")
urlpatterns = [
    path("login/", enter, name="account_login"),
    path("login/code/", _page(AuthenticateView, _("Sign in"), _ASKED, "sign_in_code"), name="mfa_authenticate"),
    path("login/cancel/", require_POST(logout), name="account_logout"),
    _staff("", "mfa_index", IndexView, _("Sign-in and security"), "", "security"),
    _staff("password/", "account_reauthenticate", ReauthenticateView, _AGAIN, _("Type your password once more.")),
    _staff("code/", "mfa_reauthenticate", ReauthenticateByCodeView, _AGAIN, _ASKED),
    _staff("set-up/", "mfa_activate_totp", ActivateTOTPView, _("Set up the second factor"), "", "second_factor"),
    _staff("remove/", "mfa_deactivate_totp", DeactivateTOTPView, _REMOVE, _REMOVED),
    _staff("codes/", "mfa_view_recovery_codes", ViewRecoveryCodesView, _("Recovery codes"), "", "recovery_codes"),
    _staff("codes/new/", "mfa_generate_recovery_codes", GenerateRecoveryCodesView, _NEW, _RENEWED),
    path(
        "security/codes/file/",
        admin.site.admin_view(download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
