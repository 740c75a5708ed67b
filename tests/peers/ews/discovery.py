"""Autodiscover's GetUserSettings (MS-OXWSADISC)."""

from tests.peers.ews.xml import DISCOVERY, NAMES, SOAP, Element


def user_settings(request: Element, ews_url: str) -> bytes:
    user = request.findtext(".//a:Mailbox", default="", namespaces=NAMES)
    if user.startswith("nobody@"):
        inner = "<a:ErrorCode>InvalidUser</a:ErrorCode><a:ErrorMessage>Invalid user</a:ErrorMessage>"
    else:
        inner = (
            "<a:ErrorCode>NoError</a:ErrorCode><a:ErrorMessage/><a:UserSettings>"
            '<a:UserSetting xsi:type="StringSetting"><a:Name>InternalEwsUrl</a:Name>'
            f"<a:Value>{ews_url}</a:Value></a:UserSetting></a:UserSettings>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:a="{DISCOVERY}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<s:Header/><s:Body><a:GetUserSettingsResponseMessage><a:Response><a:ErrorCode>NoError</a:ErrorCode>"
        f"<a:ErrorMessage/><a:UserResponses><a:UserResponse>{inner}</a:UserResponse></a:UserResponses>"
        "</a:Response></a:GetUserSettingsResponseMessage></s:Body></s:Envelope>"
    ).encode()
