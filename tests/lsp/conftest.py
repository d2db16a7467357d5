"""The real process, with the capabilities that real editors send."""

import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

SERVER = [os.environ["PLIMSOLL"], "lsp", "--stdio"]

DOCKERFILE = "FROM debian:12.7\n# \u00e9\U0001d54f\nRUN apt-get install curl\nUSER root\n"


@pytest.fixture
def project(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "plimsoll.toml").write_text("")
    (folder / "Dockerfile").write_text(DOCKERFILE)
    return folder


@pytest_lsp.fixture(
    params=["visual-studio-code@1.65.2", "neovim@v0.7.0", "neovim@v0.11.0", "emacs@v29.1"],
    config=ClientServerConfig(server_command=SERVER),
)
async def client(request, lsp_client: LanguageClient, project):
    name = request.param

    # What an editor does for its server; nothing hangs on the answers.
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(_: types.RegistrationParams) -> None:
        return None

    params = types.InitializeParams(
        capabilities=client_capabilities(name),
        workspace_folders=[types.WorkspaceFolder(uri=project.as_uri(), name="project")],
    )
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()
