"""Lines that real mail programs write above a quote, in the languages of the world."""

import pytest

from app.services.mail.quoting import split_reply

INTRODUCTIONS = {
    "en-gmail": "On Mon, Mar 3, 2025 at 10:00 AM Anna Björn <anna@acme.example> wrote:",
    "en-gmail-wrapped": (
        "On Mon, Mar 3, 2025 at 10:00 AM Anna Björn from the Purchase Department <\nanna@acme.example> wrote:"
    ),
    "en-apple": "On 3 Mar 2025, at 10:00, Anna Björn <anna@acme.example> wrote:",
    "en-apple-narrow-space": "On Mar 3, 2025, at 10:00\u202fAM, Anna Björn <anna@acme.example> wrote:",
    "en-thunderbird": "On 3/3/25 10:00, Anna Björn wrote:",
    "en-name-first": "Anna Björn <anna@acme.example> wrote on 3 March 2025 at 10:00:",
    "en-zoho": "---- On Mon, 03 Mar 2025 10:00:00 +0100 anna@acme.example wrote ----",
    "en-horde": "Quoting Anna Björn <anna@acme.example>:",
    "en-three-lines": "On Mon, Mar 3, 2025 at 10:00 AM\nAnna Björn\n<anna@acme.example> wrote:",
    "de-gmail": "Am Mo., 3. März 2025 um 10:00 Uhr schrieb Anna Björn <anna@acme.example>:",
    "de-gmail-wrapped": "Am Mo., 3. März 2025 um 10:00 Uhr schrieb Anna Björn <\nanna@acme.example>:",
    "de-thunderbird": "Am 03.03.25 um 10:00 schrieb Anna Björn:",
    "de-apple": "Am 03.03.2025 um 10:00 schrieb Anna Björn <anna@acme.example>:",
    "de-gmx": (
        'Gesendet: Montag, 03. März 2025 um 10:00 Uhr\nVon: "Anna Björn" <anna@acme.example>\nAn: '
        "hilfe@desk.example\nBetreff: Drucker"
    ),
    "de-horde": "Zitat von Anna Björn <anna@acme.example>:",
    "fr-gmail": "Le lun. 3 mars 2025 à 10:00, Anna Björn <anna@acme.example> a écrit\xa0:",
    "fr-gmail-wrapped": "Le lun. 3 mars 2025 à 10:00, Anna Björn <anna@acme.example>\na écrit :",
    "fr-apple": "Le 3 mars 2025 à 10:00, Anna Björn <anna@acme.example> a écrit :",
    "fr-thunderbird": "Le 03/03/2025 à 10:00, Anna Björn a écrit\xa0:",
    "es-gmail": "El lun, 3 mar 2025 a las 10:00, Anna Björn (<anna@acme.example>) escribió:",
    "es-thunderbird": "El 3/3/25 a las 10:00, Anna Björn escribió:",
    "it-gmail": "Il giorno lun 3 mar 2025 alle ore 10:00 Anna Björn <anna@acme.example> ha scritto:",
    "it-thunderbird": "Il 03/03/2025 10:00, Anna Björn ha scritto:",
    "nl-gmail": "Op ma 3 mrt 2025 om 10:00 schreef Anna Björn <anna@acme.example>:",
    "nl-apple": "Op 3 mrt. 2025 om 10:00 heeft Anna Björn <anna@acme.example> het volgende geschreven:",
    "pt-gmail": "Em seg., 3 de mar. de 2025 às 10:00, Anna Björn <anna@acme.example> escreveu:",
    "pt-thunderbird": "Em 03/03/2025 10:00, Anna Björn escreveu:",
    "pl-gmail": "pon., 3 mar 2025 o 10:00 Anna Björn <anna@acme.example> napisał(a):",
    "pl-thunderbird": "W dniu 3.03.2025 o 10:00, Anna Björn pisze:",
    "pl-apple": "Wiadomość napisana przez Anna Björn <anna@acme.example> w dniu 3 mar 2025, o godz. 10:00:",
    "sv-gmail": "Den mån 3 mars 2025 kl 10:00 skrev Anna Björn <anna@acme.example>:",
    "da-gmail": "Den man. 3. mar. 2025 kl. 10.00 skrev Anna Björn <anna@acme.example>:",
    "no-gmail": "man. 3. mars 2025 kl. 10:00 skrev Anna Björn <anna@acme.example>:",
    "no-gmail-broken": "man. 3. mars 2025 kl. 10:00 skrev Anna Björn <anna@acme.example\n>:",
    "fi-gmail": "ma 3. maalisk. 2025 klo 10.00 Anna Björn (anna@acme.example) kirjoitti:",
    "cs-gmail": "po 3. 3. 2025 v 10:00 odesílatel Anna Björn <anna@acme.example> napsal:",
    "cs-thunderbird": "Dne 03. 03. 25 v 10:00 Anna Björn napsal(a):",
    "tr-gmail": "Anna Björn <anna@acme.example>, 3 Mar 2025 Pzt, 10:00 tarihinde şunu yazdı:",
    "ru-gmail": "пн, 3 мар. 2025 г. в 10:00, Anna Björn <anna@acme.example>:",
    "ru-thunderbird": "03.03.2025 10:00, Anna Björn пишет:",
    "hu-gmail": "Anna Björn <anna@acme.example> ezt írta (időpont: 2025. márc. 3., H, 10:00):",
    "ja-gmail": "2025年3月3日(月) 10:00 Anna Björn <anna@acme.example>:",
    "zh-gmail": "Anna Björn <anna@acme.example> 于2025年3月3日周一 10:00写道：",
    "zh-tw-gmail": "Anna Björn <anna@acme.example> 於 2025年3月3日 週一 上午10:00寫道：",
    "ko-gmail": "2025년 3월 3일 (월) 오전 10:00, Anna Björn <anna@acme.example>님이 작성:",
    "date-first": "2025-03-03 10:00 GMT+01:00 Anna Björn <anna@acme.example>:",
}

HEADERS = {
    "en": ("From", "Sent", "To", "Subject"),
    "en-mac": ("From", "Date", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "de-mac": ("Von", "Datum", "An", "Betreff"),
    "fr": ("De ", "Envoyé ", "À ", "Objet "),
    "es": ("De", "Enviado el", "Para", "Asunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "pt": ("De", "Enviada em", "Para", "Assunto"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "da": ("Fra", "Sendt", "Til", "Emne"),
    "no": ("Fra", "Sendt", "Til", "Emne"),
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "hu": ("Feladó", "Küldve", "Címzett", "Tárgy"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
    "zh-tw": ("寄件者", "寄件日期", "收件者", "主旨"),
    "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
}

ORIGINALS = (
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Oorspronkelijk bericht-----",
    "-----Mensagem original-----",
    "-----Wiadomość oryginalna-----",
    "-------- Oprindelig besked --------",
    "-----Ursprungligt meddelande-----",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "Anfang der weitergeleiteten Nachricht:",
    "------------------ 原始邮件 ------------------",
)

MOBILES = (
    "Sent from my iPhone",
    "Sent from my Verizon Wireless BlackBerry",
    "Sent from Mail for Windows",
    "Sent via the Samsung Galaxy S10, an AT&T 5G smartphone",
    "Get Outlook for Android<https://aka.ms/AAb9ysg>",
    "Von meinem iPhone gesendet",
    "Gesendet von Outlook für Android",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Envoyé de mon iPhone",
    "Envoyé à partir de Outlook pour iOS<https://aka.ms/o0ukef>",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Enviado do meu iPhone",
    "Wysłane z iPhone'a",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Odesláno z iPhonu",
    "iPhone'umdan gönderildi",
    "Отправлено с iPhone",
    "iPhoneから送信",
    "从我的 iPhone 发送",
)


@pytest.mark.parametrize("introduction", INTRODUCTIONS.values(), ids=INTRODUCTIONS)
@pytest.mark.parametrize("quote", ["> Does it print?\n> Anna", "\n> Does it print?"], ids=["marked", "after-blank"])
def test_line_above_a_marked_quote_is_folded_with_it(introduction: str, quote: str) -> None:
    reply = split_reply(f"Yes, it prints now.\n\n{introduction}\n{quote}")
    assert reply.visible == "Yes, it prints now."
    assert "Does it print?" in reply.folded


@pytest.mark.parametrize("name", [name for name, line in INTRODUCTIONS.items() if "@" in line])
def test_line_with_an_address_folds_a_quote_without_marks(name: str) -> None:
    reply = split_reply(f"Yes, it prints now.\n\n{INTRODUCTIONS[name]}\n\nDoes it print?\nAnna")
    assert reply.visible == "Yes, it prints now."


@pytest.mark.parametrize("labels", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("style", ["{}: {}", "*{}:* {}", "**{}:** {}", "   {}: {}"])
@pytest.mark.parametrize("rule", ["", "________________________________\n"], ids=["bare", "below-rule"])
def test_header_block_of_outlook_folds_the_rest(labels: tuple[str, ...], style: str, rule: str) -> None:
    values = ("Anna Björn <anna@acme.example>", "3/3/2025 10:00", "desk@desk.example", "Printer")
    block = "\n".join(style.format(label, value) for label, value in zip(labels, values, strict=True))
    reply = split_reply(f"It prints.\n\n{rule}{block}\n\nDoes it print?\n")
    assert reply.visible == "It prints."
    assert reply.folded.endswith("Does it print?")


@pytest.mark.parametrize("line", ORIGINALS)
def test_announced_original_folds_the_rest(line: str) -> None:
    assert split_reply(f"It prints.\n\n{line}\nFrom: a@acme.example\n\nDoes it?").visible == "It prints."


@pytest.mark.parametrize("line", MOBILES)
def test_line_that_a_phone_adds_is_folded(line: str) -> None:
    assert split_reply(f"It prints.\n\n{line}").visible == "It prints."


@pytest.mark.parametrize(
    "closing",
    [
        "Best regards,",
        "Mit freundlichen Grüßen",
        "Cordialement,",
        "Saludos cordiales,",
        "Cordiali saluti",
        "Met vriendelijke groet,",
        "Atenciosamente,",
        "Pozdrawiam",
        "Med vänlig hälsning",
        "С уважением,",
    ],
)
def test_closing_with_a_name_is_folded(closing: str) -> None:
    reply = split_reply(f"It prints.\n\n{closing}\n\nAnna Björn\nPurchase\n+49 30 1234567")
    assert reply.visible == "It prints."
    assert "Anna Björn" in reply.folded
