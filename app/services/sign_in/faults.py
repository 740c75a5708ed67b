"""What a provider's refusal means to a person, and what to do about it.

Microsoft puts the true reason into a number in the description (AADSTS65004, say; learn.microsoft.com/entra/
identity-platform/reference-error-codes); the OAuth error beside it is coarse. Windows, where it signs in, has a status
of its own there. Google has the OAuth error alone.
"""

import re
from collections.abc import Mapping
from typing import Any

from app.models.errors import ChannelError
from app.services.channels.interface import Identity

AGAIN = "sign_in.again"
_NUMBER = re.compile(r"AADSTS(\d{5,7})")
_STATUS = re.compile(r"Status: Response_Status\.Status_(\w+)")
_RUNTIME_WORDS = re.compile(r"^\(pii\)\.?\s*|Response_Status\.Status_")
_TRACE = re.compile(r"\s*(Trace ID|Correlation ID|Timestamp):.*", re.DOTALL)
_BY_NUMBER = {
    **dict.fromkeys(("65004",), "consent_refused"),
    **dict.fromkeys(("90094", "900941", "65001", "90008"), "admin_consent"),
    **dict.fromkeys(("50055", "50144"), "password_expired"),
    **dict.fromkeys(("50072", "50074", "50076", "50078", "50079", "50158"), "multi_factor"),
    **dict.fromkeys(("530033",), "device_code_blocked"),
    **dict.fromkeys(("53000", "53001", "53002", "53003", "53004", "530032", "530034"), "blocked_by_policy"),
    **dict.fromkeys(("700016", "700038"), "unknown_app"),
    **dict.fromkeys(("90002", "900021", "900023"), "unknown_tenant"),
    **dict.fromkeys(("50020", "50128", "500207", "50194"), "other_tenant"),
    **dict.fromkeys(("7000218", "700025"), "not_public_client"),
    **dict.fromkeys(("50011", "500113"), "redirect_not_registered"),
    **dict.fromkeys(("50105", "500112"), "not_assigned"),
    **dict.fromkeys(("50034", "50057", "50053", "51004"), "account_unusable"),
    **dict.fromkeys(("700024", "500133"), "clock"),
    **dict.fromkeys(("700027", "7000215", "7000222", "700023", "700030"), "certificate_refused"),
    **dict.fromkeys(("54005",), "code_used"),
    **dict.fromkeys(("70011", "650053", "500011", "650057"), "scope_unknown"),
    **dict.fromkeys(("70016",), "waiting"),
    **dict.fromkeys(("70020",), "device_code_expired"),
}
_BY_STATUS = {
    "UserCanceled": "windows_cancelled",
    "ApplicationCanceled": "windows_cancelled",
    "IncorrectConfiguration": "windows_not_registered",
    **dict.fromkeys(("NoNetwork", "NetworkTemporarilyUnavailable"), "unreachable"),
    **dict.fromkeys(("ServerTemporarilyUnavailable", "TransientError"), "not_now"),
    **dict.fromkeys(("InteractionRequired", "AccountUnusable", "AccountNotFound", "KeyNotFound"), "again"),
    **dict.fromkeys(("UserSwitch", "AccountSwitch", "UserDataRemovalRequired"), "again"),
}
_BY_ERROR = {
    "broker_error": "windows_failed",
    "access_denied": "consent_refused",
    "authorization_declined": "consent_refused",
    "consent_required": "admin_consent",
    "admin_policy_enforced": "admin_consent",
    "org_internal": "other_tenant",
    "interaction_required": "again",
    "login_required": "again",
    "invalid_grant": "again",
    "expired_token": "device_code_expired",
    "code_expired": "device_code_expired",
    "bad_verification_code": "device_code_expired",
    "invalid_client": "client_refused",
    "unauthorized_client": "client_refused",
    "redirect_uri_mismatch": "redirect_not_registered",
    "invalid_scope": "scope_unknown",
    "temporarily_unavailable": "not_now",
    "server_error": "not_now",
    "slow_down": "not_now",
}


def refusal(identity: Identity, told: Mapping[str, Any], *, redeeming: bool = False) -> ChannelError:
    """The error for an answer that has `error` in it. `redeeming`: in exchange for a code from the browser, where
    `invalid_grant` says that the code was used or is too old.
    """
    error = str(told.get("error", ""))
    words = _TRACE.sub("", str(told.get("error_description", ""))).strip()
    number, status = _NUMBER.search(words), _STATUS.search(words)
    code = _BY_NUMBER.get(number[1]) if number else None
    code = code or (_BY_STATUS.get(status[1]) if status else None) or _BY_ERROR.get(error, "refused")
    if code == "again" and redeeming:
        code = "code_used"
    return problem(identity, code, reason=" ".join(_RUNTIME_WORDS.sub("", words or error).split())[:300])


def problem(identity: Identity, code: str, *, passing: bool | None = None, **facts: object) -> ChannelError:
    """`sign_in.<code>` with the facts that every such error's words may use."""
    about: dict[str, Any] = {
        "provider": identity.provider.title(),
        "user": identity.user,
        "client_id": identity.client_id,
        "tenant": identity.tenant,
    }
    later = code in ("not_now", "unreachable") if passing is None else passing
    return ChannelError(f"sign_in.{code}", passing=later, **about | facts)
