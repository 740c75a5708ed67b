"""Who wrote a mail: a person, a machine for one, or a server that could not deliver."""

import pytest

from app.models.records.mail import MailKind
from tests.services.mail.parsing.mails import mail, multipart

PERSON = "From: Anna <anna@x.example>\nReturn-Path: <anna@x.example>\n"


@pytest.mark.parametrize(
    "headers",
    [
        "Subject: Printer",
        "Auto-Submitted: no",
        "List-Id: <staff.x.example>\nPrecedence: list",
        "List-Id: <staff.x.example>\nPrecedence: bulk\nX-Loop: staff@x.example",
        "Subject: Out of office replies are not sent",
        "Subject: Automatic replies do not work",
        "Subject: Vacation: two days in May",
        "Subject: Fwd: Undelivered Mail Returned to Sender",
        "Subject: Undeliverable: what does this mean?",
        "Subject: Absence list is empty",
    ],
)
def test_person(headers: str) -> None:
    read = mail(PERSON + headers, "I got this: could not be delivered\n")
    assert (read.kind, read.kind_reason) == (MailKind.MAIL, "")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ("Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied"),
        ("Auto-Submitted: auto-generated; owner=x", "Auto-Submitted: auto-generated; owner=x"),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "X-Auto-Response-Suppress: DR, OOF, AutoReply"),
        ("Precedence: auto_reply", "Precedence: auto_reply"),
        ("Precedence: bulk", "Precedence: bulk"),
        ("X-Autoreply: yes", "X-Autoreply: yes"),
        ("X-Autorespond: Printer", "X-Autorespond: Printer"),
        ("X-Loop: a@x.example", "X-Loop: a@x.example"),
        ("X-POST-MessageClass: 9; Autoresponder", "X-POST-MessageClass: 9; Autoresponder"),
        ("Subject: Automatic reply: Printer", "Subject: Automatic reply: Printer"),
        ("Subject: =?utf-8?q?Automatische_Antwort:_St=C3=B6rung?=", "Subject: Automatische Antwort: Störung"),
        ("Subject: Réponse automatique : Imprimante", "Subject: Réponse automatique : Imprimante"),
        ("Subject: Respuesta automática: x", "Subject: Respuesta automática: x"),
        ("Subject: Risposta automatica: x", "Subject: Risposta automatica: x"),
        ("Subject: Automatisch antwoord: x", "Subject: Automatisch antwoord: x"),
        ("Subject: Resposta automática: x", "Subject: Resposta automática: x"),
        ("Subject: Odpowiedź automatyczna: x", "Subject: Odpowiedź automatyczna: x"),
        ("Subject: Abwesenheitsnotiz: x", "Subject: Abwesenheitsnotiz: x"),
        ("Subject: [Auto-Reply] x", "Subject: [Auto-Reply] x"),
        ("Subject: Out of Office", "Subject: Out of Office"),
    ],
)
def test_machine_that_answers_for_a_person(headers: str, reason: str) -> None:
    read = mail(PERSON + headers)
    assert (read.kind, read.kind_reason) == (MailKind.AUTO, reason)


def test_empty_return_path_is_a_machine() -> None:
    read = mail("From: anna@x.example\nReturn-Path: <>\nSubject: Re: Printer", "I am away.\n")
    assert (read.kind, read.kind_reason) == (MailKind.AUTO, "Return-Path: <>")


def report(action: str) -> str:
    recipient = f"Final-Recipient: rfc822; a@x\nAction: {action}\n"
    return f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{recipient}"


@pytest.mark.parametrize(
    ("action", "kind"), [("failed", MailKind.BOUNCE), ("delayed", MailKind.BOUNCE), ("delivered", MailKind.AUTO)]
)
def test_delivery_report_by_what_was_done(action: str, kind: MailKind) -> None:
    read = multipart("\nSorry", report(action), subtype="report; report-type=delivery-status")
    assert read.kind is kind
    assert read.text == "Sorry"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("From: MAILER-DAEMON@x.example\nSubject: failure notice", "Hi. This is the qmail-send program."),
        ("From: Mail Delivery System <Mailer-Daemon@x.example>\nSubject: Mail delivery failed", ""),
        ("From: postmaster@x.example\nSubject: Unzustellbar: Drucker", ""),
        ("From: Postmaster@x.example\nSubject: Your mail", "The message could not be delivered."),
        ("From: x@x.example\nX-Failed-Recipients: b@y.example\nSubject: x", ""),
        ("From: x@x.example\nReturn-Path: <>\nSubject: Undeliverable: Printer", ""),
        ("From: <>\nSubject: failure notice", ""),
        ("From: SES <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message", '{"notificationType": "Bounce"}'),
    ],
)
def test_bounce_in_a_form_of_its_own(headers: str, body: str) -> None:
    read = mail(headers, body)
    assert read.kind is MailKind.BOUNCE
    assert read.kind_reason


def test_complaint_and_receipt_are_machines() -> None:
    complaint = multipart("\nAbuse", "Content-Type: message/feedback-report\n\nFeedback-Type: abuse", subtype="report")
    receipt = multipart("\nRead", "Content-Type: message/disposition-notification\n\nx", subtype="report")
    assert (complaint.kind, receipt.kind) == (MailKind.AUTO, MailKind.AUTO)


def test_bounce_that_a_person_forwards_is_by_that_person() -> None:
    inner = "Content-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n\nSorry\n--c\n" + report(
        "failed"
    )
    read = multipart("\nWhat is this?", f"Content-Type: message/rfc822\n\n{inner}\n--c--", headers=PERSON)
    assert read.kind is MailKind.MAIL
