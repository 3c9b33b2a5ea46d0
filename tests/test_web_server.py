"""The server of the page: only its own content, an address that is taken is a clear error."""

import socket

import gradio
import pytest
from starlette.testclient import TestClient

from index.errors import InputError
from qa.web import server


@pytest.fixture(scope="module")
def page() -> gradio.Blocks:
    blocks = gradio.Blocks(analytics_enabled=False)
    with blocks:
        gradio.HTML("")
    return blocks


def test_the_page_may_load_nothing_from_elsewhere(page: gradio.Blocks) -> None:
    with TestClient(server.application(page)) as client:
        answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "fonts.googleapis" not in answer.text


def test_the_page_takes_no_files(page: gradio.Blocks) -> None:
    with TestClient(server.application(page)) as client:
        answer = client.post("/gradio_api/upload", files={"files": ("a.txt", b"content")})
    assert answer.status_code >= 400


@pytest.mark.parametrize("port", [-1, 70000])
def test_an_impossible_port_is_an_error(page: gradio.Blocks, port: int) -> None:
    with pytest.raises(InputError, match="--port"):
        server.run(page, "127.0.0.1", port)


def test_a_port_that_is_taken_is_an_error(page: gradio.Blocks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InputError, match="--port"):
        server.run(page, "127.0.0.1", taken.getsockname()[1])
