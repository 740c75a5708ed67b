"""What the real Graph was seen to answer is read."""

import json
from typing import Any

import pytest

from tests.fixtures.rounds import eml
from tests.peers.graph.faults import Answer
from tests.peers.graph.prism import SPEC
from tests.peers.graph.running import DESK
from tests.peers.graph.server import GraphServer
from tests.services.channels.graph.conftest import Open
from tests.services.channels.graph.test_polling import read_all

RECORDED = SPEC.parent / "vcr-graph" / "message-201.json"


@pytest.fixture
def recorded() -> dict[str, Any]:
    if not RECORDED.exists():
        pytest.skip("the recorded answers (../shared/specs) are not here")
    told: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return told


def page(server: GraphServer, message: dict[str, Any], **links: str) -> list[Answer]:
    inbox = server.store.mailbox(DESK).folder("inbox").id
    told = {"value": [message]} | {f"@odata.{name}Link": link for name, link in links.items()}
    body = json.dumps(told).replace("FOLDER", inbox).encode()
    return [Answer(200, body, {"Content-Type": "application/json; odata.metadata=minimal; charset=utf-8"})]


@pytest.mark.parametrize("draft", [True, False])
def test_a_recorded_message_is_read_unless_it_is_a_draft(
    server: GraphServer, connect: Open, recorded: dict[str, Any], draft: bool
) -> None:
    message = recorded | {"isDraft": draft}
    connector = connect()
    _, cursor = read_all(connector)
    connector.close()
    raw = eml("Recorded", mail_id="recorded@x.example")
    server.faults.answers["delta"] = page(server, message, delta=f"{server.url}/v1.0/next")
    server.faults.answers["$value"] = [Answer(200, raw, {"Content-Type": "text/plain"})]
    batch = connector.poll(cursor, 10)
    assert [(each.external_id, each.raw) for each in batch.messages] == ([] if draft else [(recorded["id"], raw)])
    assert not batch.more


def test_a_recorded_time_orders_the_backlog(server: GraphServer, connect: Open, recorded: dict[str, Any]) -> None:
    server.store.deliver(DESK, eml("Ours", mail_id="ours@x.example"))
    later = recorded | {"isDraft": False, "id": "later", "receivedDateTime": "2025-01-15T15:55:30Z"}
    body = json.dumps({"value": [recorded | {"isDraft": False}, later]}).encode()
    server.faults.answers["/messages"] = [Answer(200, body)]
    server.faults.answers["$value"] = [Answer(200, eml(each, mail_id=f"{each}@x.example")) for each in ("A", "B")]
    batch = connect().poll(None, 1)
    assert [each.external_id for each in batch.messages] == [recorded["id"]]
    assert "2025-01-15" not in batch.cursor  # packed
