"""What a desk pays for mailboxes in the cloud before it reads one: nothing."""

import os
import subprocess
import sys

HEAVY = ("msal", "httpx", "requests", "dns", "imapclient", "exchangelib", "http.server")
START = f"""
import sys, tempfile
from pathlib import Path
import app.views.main_window, app.views.channels.dialog, app.views.first_run.wizard
from app import bootstrap
from app.services import accounts
from app.services.settings import Profile
desk = bootstrap.open_desk(Profile(Path(tempfile.mkdtemp())), {{}})
bootstrap.make_ready(desk)
for kind, more in (("graph", {{}}), ("gmail", {{}})):
    account = accounts.new_account(kind, kind, "a@b.example", {{"address": "a@b.example", "client_id": "app", **more}})
    accounts.add(desk.database, desk.system, account)
    desk.sign_ins.credentials(kind, accounts.identity_of(account))
rounds, worker = desk.rounds(), desk.worker()
desk.close()
print(*[each for each in {HEAVY!r} if each in sys.modules])
"""


def test_a_desk_with_mailboxes_in_the_cloud_starts_without_their_libraries() -> None:
    told = subprocess.run(
        [sys.executable, "-c", START],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert (told.stdout.strip(), told.returncode) == ("", 0), told.stderr
