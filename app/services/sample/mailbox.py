"""The demo's mailbox: mails of `resources/sample/mails.toml`, written as .eml files, some of them while one looks."""

import os
import threading
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from app.models.clock import Clock
from app.services.resources import resources
from app.services.sample.catalogue import ADDRESS


@dataclass
class SampleMailbox:
    """Delivers the sample mails into `folder`, counted from the moment it is made."""

    folder: Path
    clock: Clock
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._start = self.clock.now()
        text = resources().joinpath("sample", "mails.toml").read_text(encoding="utf-8")
        self._mails: list[dict[str, Any]] = tomllib.loads(text)["mail"]

    def deliver_waiting(self) -> None:
        """Those that were there before anybody looked."""
        self._deliver([each for each in self._mails if "later" not in each])

    def deliver_all(self) -> None:
        """All of them at once."""
        self._deliver(self._mails)

    def deliver_later(self) -> None:
        """The others, each in its time, from a thread of its own."""
        threading.Thread(target=self._drip, name="sample mailbox", daemon=True).start()

    def stop(self) -> None:
        """Deliver nothing more."""
        self._stop.set()

    def _drip(self) -> None:
        passed = 0.0
        for each in sorted((each for each in self._mails if "later" in each), key=lambda mail: mail["later"]):
            if self._stop.wait(each["later"] - passed):
                return
            passed = each["later"]
            self._deliver([each])

    def _deliver(self, mails: list[dict[str, Any]]) -> None:
        for each in mails:
            target = self.folder / f"{self._mails.index(each):03}-{each['id']}.eml"
            unfinished = target.with_suffix(".part")
            unfinished.write_bytes(compose(each, self._start))
            written = (self._start - timedelta(minutes=each["minutes"] + 1)).timestamp()
            os.utime(unfinished, (written, written))  # one that changed just now would wait, as it may still grow
            unfinished.replace(target)


def compose(told: dict[str, Any], start: datetime) -> bytes:
    """One sample mail as RFC 5322 bytes."""
    message = EmailMessage(policy=SMTP)
    sender = told["from"]
    message["From"] = sender
    message["To"] = f"Firstline Service Desk <{ADDRESS}>"
    message["Subject"] = told["subject"]
    message["Date"] = format_datetime(start - timedelta(minutes=told["minutes"]))
    message["Message-ID"] = f"<{mail_id(told['id'])}>"
    if "answers" in told:
        message["In-Reply-To"] = message["References"] = f"<{mail_id(told['answers'])}>"
    if told.get("auto"):
        message["Auto-Submitted"] = "auto-replied"
    if "html" in told:
        message.set_content(told["html"].strip(), subtype="html")
    else:
        message.set_content(told["text"].strip() + "\n")
    if "attachment" in told:
        log = "\n".join(f"07:4{minute}:12 POST /v2/charges 402 req_{minute * 7919:06d}" for minute in range(10))
        message.add_attachment(log.encode(), "text", "plain", filename=told["attachment"])
    return message.as_bytes()


def mail_id(name: str) -> str:
    """The Message-ID of the sample mail of that name, without angle brackets."""
    return f"{name}.sample@mail.firstline.example"
