"""The script that tells when certificates expire, run by a shell on certificates that were made for it."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from app.services.remote_help.library import built_in
from tests.services.remote_help.transports.tls_server import tls_server

SCRIPT = built_in()["linux-certificates"].files["script.sh"]
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None or shutil.which("sh") is None, reason="needs openssl")


def ran(path: object = "", port: object = "", days: int = 30) -> tuple[int, str, str]:
    done = subprocess.run(
        ["sh", "-s", str(path), str(port), str(days)], input=SCRIPT, capture_output=True, check=False, timeout=120
    )
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode()


def lay(folder: Path, name: str, days: float) -> Path:
    now = datetime.now(UTC)
    issued = trustme.CA().issue_cert(
        "web.example", not_before=now - timedelta(days=90), not_after=now + timedelta(days=days)
    )
    file = folder / name
    file.write_bytes(b"".join(each.bytes() for each in issued.cert_chain_pems))
    return file


def test_each_of_a_folder_is_told_with_its_end(tmp_path: Path) -> None:
    lay(tmp_path, "old.pem", -3)
    lay(tmp_path, "soon it's $(touch here).crt", 10)
    lay(tmp_path, "good.cer", 300)
    (tmp_path / "no.pem").write_bytes(b"\0\xffnothing")
    code, said, _ = ran(tmp_path)
    assert code == 0
    told = {line.split()[0]: line.partition(f"{tmp_path}/")[2].partition("  ")[0] for line in said.splitlines()}
    assert told == {"EXPIRED": "old.pem", "SOON": "soon it's $(touch here).crt", "ok": "good.cer"}
    assert "SOON" not in ran(tmp_path, days=5)[1]


def test_one_file_and_what_a_port_shows_are_told(tmp_path: Path) -> None:
    assert ran(lay(tmp_path, "one.pem", 300))[1].startswith("ok ")
    with tls_server(trustme.CA().issue_cert("localhost")) as port:
        code, said, _ = ran(port=port)
    assert (code, f"port {port}" in said) == (0, True)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert ran(tmp_path / "none")[0] == 2
    (tmp_path / "no.pem").write_text("no certificate")
    code, said, error = ran(tmp_path / "no.pem")
    assert (code, said) == (2, "")
    assert "no certificate in PEM form" in error
