"""How mail servers and out-of-office assistants begin their subjects and sentences, in the languages they speak.

From the texts of Postfix, Exim, sendmail, qmail, courier, Exchange and Outlook, Gmail, Domino, Zimbra and their
translations. A subject counts only from its beginning, so that a person who forwards a bounce stays a person.
"""

import re

# ruff: noqa: RUF001 - Turkish has a letter that looks like an i

_BOUNCE_SUBJECTS = (
    "undelivered mail returned to sender", "undeliverable", "undelivered", "undeliverable mail",
    "undeliverable message", "delivery status notification", "delivery notification", "delivery failure",
    "delivery failed", "delivery report", "delivery has failed", "delivery status", "delivery problem",
    "delivery error", "failure notice", "failed mail", "failed delivery", "failure delivery", "returned mail",
    "returned to sender", "mail returned", "mail delivery failed", "mail delivery failure",
    "mail delivery problem", "mail delivery error", "mail delivery status", "mail failure",
    "mail could not be delivered", "mail system error", "mail not delivered", "message delivery",
    "message not delivered", "message could not be delivered", "message undeliverable",
    "message status - undeliverable", "email delivery failure", "email not delivered", "non-delivery",
    "non delivery", "nondeliverable", "non delivered", "notice: mail delivery status", "postmaster notify",
    "warning: could not send message", "could not send message", "delayed mail", "delivery delayed",
    "delivery incomplete", "address not found", "message blocked", "message expired", "unable to deliver",
    "user unknown", "unknown user", "bounced mail", "rejected mail", "blocked mail", "message rejected",
    "permanent failure",
    # German, French, Spanish, Italian, Dutch, Portuguese, Polish
    "unzustellbar", "nicht zustellbar", "nicht zugestellt", "zustellung fehlgeschlagen", "zustellfehler",
    "fehler bei der zustellung", "fehlgeschlagene zustellung", "unzustellbare nachricht", "mail nicht zugestellt",
    "benachrichtigung zum übermittlungsstatus", "benachrichtung zum übermittlungsstatus",
    "zustellungsbenachrichtigung", "non remis", "non distribuable", "non distribué", "échec de remise",
    "échec de la remise", "échec de livraison", "notification d'état de remise", "message non remis",
    "retour de courrier", "courrier non distribué", "no se puede entregar", "no entregado",
    "no se ha podido entregar", "notificación de estado de entrega", "error de entrega", "mensaje no entregado",
    "correo devuelto", "non recapitabile", "impossibile recapitare", "mancato recapito", "recapito non riuscito",
    "messaggio non recapitato", "notifica sullo stato del recapito", "avviso di mancata consegna", "onbestelbaar",
    "kan niet worden bezorgd", "niet bezorgd", "bezorging mislukt", "melding over de bezorgingsstatus",
    "não é possível entregar", "não entregue", "não foi possível entregar", "falha na entrega",
    "mensagem devolvida", "notificação do estado de entrega", "niedostarczalne", "niedostarczalna",
    "nie można dostarczyć", "nie dostarczono", "niepowodzenie dostarczenia", "powiadomienie o stanie dostarczenia",
    "zwrot wiadomości",
    # Scandinavian, Czech, Hungarian, Turkish, Russian, Japanese, Chinese, Korean
    "kan inte levereras", "ej levererbart", "kan ikke leveres", "uleverbar", "toimittaminen epäonnistui",
    "nedoručitelné", "nedoručitelná", "kézbesíthetetlen", "teslim edilemedi", "недоставлено", "не доставлено",
    "сообщение не доставлено", "ваше сообщение не доставлено", "не удалось доставить", "配信不能",
    "配信できません", "配信エラー", "メール送信エラー", "エラーメール", "无法投递", "無法傳遞", "系统退信", "退信",
    "未传递", "배달되지 않음",
)  # fmt: skip
_BOUNCE_SENTENCES = (
    "could not be delivered to one or more", "i wasn't able to deliver your message", "this is a permanent error",
    "the following address(es) failed", "the following addresses had permanent", "this is the mail system at host",
    "a message that you sent could not be delivered", "delivery to the following recipient", "user unknown",
    "did not reach the following recipient", "your message did not reach", "couldn't be delivered",
    "wasn't delivered", "could not be delivered", "could not deliver", "mailbox unavailable", "no such user",
    "message undeliverable", "has not been delivered", "was not delivered",
    "delivery has failed to these recipients", "unable to deliver", "permanent fatal errors",
    "transient non-fatal errors", "undeliverable", "recipient address rejected", "delivery failed",
    "konnte nicht zugestellt werden", "n'a pas pu être remis", "no se pudo entregar",
    "non è stato possibile recapitare", "não pôde ser entregue", "kon niet worden bezorgd", "nie można dostarczyć",
    "не было доставлено", "message delivery failed", "returned to sender",
)  # fmt: skip
_AUTO_SUBJECTS = (
    "automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply", "automatic response",
    "auto response", "auto-response", "autoresponse", "automated response", "out of office", "out of the office",
    "out-of-office", "ooo", "out of office reply", "out of office autoreply", "out of office auto-reply",
    "vacation reply", "autoresponder", "away from the office", "away from my mail", "i am away",
    "automatische antwort", "abwesenheitsnotiz", "abwesenheitsmeldung", "abwesenheitsbenachrichtigung",
    "abwesenheitsassistent", "automatische abwesenheitsnotiz", "nicht im büro", "autoantwort",
    "réponse automatique", "reponse automatique", "absence du bureau", "notification d'absence",
    "message d'absence", "respuesta automática", "respuesta automatica", "fuera de la oficina", "fuera de oficina",
    "risposta automatica", "fuori sede", "fuori ufficio", "assenza dall'ufficio", "automatisch antwoord",
    "automatische beantwoording", "afwezigheidsbericht", "afwezigheidsassistent", "niet op kantoor",
    "resposta automática", "resposta automatica", "fora do escritório", "odpowiedź automatyczna",
    "automatyczna odpowiedź", "autoodpowiedź", "poza biurem", "autosvar", "automatiskt svar", "automatisk svar",
    "automaattinen vastaus", "frånvaromeddelande", "automatická odpověď", "automatická odpoveď", "mimo kancelář",
    "automatikus válasz", "házon kívül", "răspuns automat", "otomatik yanıt", "ofis dışında",
    "автоматический ответ", "автоответ", "автоматична відповідь", "автоматичен отговор", "нет на месте",
    "samodejni odgovor", "automatski odgovor", "αυτόματη απάντηση", "εκτός γραφείου", "תשובה אוטומטית",
    "מענה אוטומטי", "מענה 'אני לא נמצא'", "رد تلقائي", "自動応答", "自動返信", "不在通知", "自動回覆", "自动答复",
    "自动回复", "자동 회신", "자동 응답", "부재 중", "ตอบกลับอัตโนมัติ", "trả lời tự động", "balasan otomatis",
    "automatinis atsakymas", "automātiska atbilde",
)  # fmt: skip


def _beginning(phrases: tuple[str, ...], behind: str) -> re.Pattern[str]:
    """Longest first; a phrase must end where a word ends."""
    longest = sorted(set(phrases), key=len, reverse=True)
    return re.compile(rf"[\s\[(*\"'<]{{0,4}}(?:{'|'.join(map(re.escape, longest))}){behind}", re.IGNORECASE)


BOUNCE_SUBJECT = _beginning(_BOUNCE_SUBJECTS, r"(?!\w)")
AUTO_SUBJECT = _beginning(_AUTO_SUBJECTS, r"[\])*\"'>]{0,3}(?:\s{0,3}[:\uff1a]|\s*$|(?<=[\])>*]))")
BOUNCE_SENTENCE = re.compile("|".join(map(re.escape, _BOUNCE_SENTENCES)), re.IGNORECASE)
