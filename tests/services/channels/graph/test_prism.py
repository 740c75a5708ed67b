"""The witness of all other tests here is no yes-man."""

import pytest

from tests.peers.graph.prism import Prism

SIGNED = {"authorization": "Bearer x", "content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/users/a@b/mailFolders?$select=nonsense", b""),
        ("GET", "/users/a@b/mailFolders/inbox/messages?$orderby=receivedAt", b""),
        ("GET", "/users/a@b/letters", b""),
        ("PUT", "/users/a@b/messages/1", b"{}"),
        ("PATCH", "/users/a@b/messages/1", b'{"isRead": "yes"}'),
        ("PATCH", "/users/a@b/messages/1", b'{"categories": "Red"}'),
        ("POST", "/users/a@b/messages/1/move", b'{"destinationId": 7}'),
        ("POST", "/users/a@b/messages/1/attachments/createUploadSession", b'{"AttachmentItem": {"name": "x"}}'),
        ("POST", "/$batch", b'{"requests": [{"id": "1", "method": "GET", "url": "users"}]}'),
    ],
)
def test_prism_complains_of_what_graph_would_not_take(
    witness: Prism | None, method: str, target: str, body: bytes
) -> None:
    if witness is None:
        pytest.skip("Prism (npm: @stoplight/prism-cli) or Microsoft's metadata (../shared/specs) is not here")
    witness(method, f"/v1.0{target}", SIGNED, body)
    assert len(witness.complaints) == 1
    witness.complaints.clear()


def test_prism_complains_of_a_request_without_a_token(witness: Prism | None) -> None:
    if witness is None:
        pytest.skip("Prism (npm: @stoplight/prism-cli) or Microsoft's metadata (../shared/specs) is not here")
    witness("GET", "/v1.0/users/a@b/mailFolders", {}, b"")
    assert len(witness.complaints) == 1
    witness.complaints.clear()
