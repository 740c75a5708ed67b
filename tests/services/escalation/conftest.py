"""Fixtures of escalation."""

import pytest

from tests.fixtures.rounds import MailDesk
from tests.services.escalation.desk import Ladder, ladder


@pytest.fixture
def rungs(mail_desk: MailDesk) -> Ladder:
    """A desk with a tree of three levels and a vendor."""
    return ladder(mail_desk)
