"""Open, see, mend, save: what somebody does with a file."""

import asyncio

import pytest
from conftest import DOCKERFILE
from lsprotocol import types


def open_document(client, path):
    document = types.TextDocumentItem(uri=path.as_uri(), language_id="dockerfile", version=1, text=DOCKERFILE)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=document))


async def diagnostics(client, path, so):
    """The diagnostics of a file once they are `so`."""
    for _ in range(600):
        told = client.diagnostics.get(path.as_uri())
        if told is not None and so({one.code for one in told}):
            return told
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited in vain; last: {client.diagnostics.get(path.as_uri())}")


@pytest.mark.asyncio
async def test_diagnostics_and_quick_fix(client, project):
    path = project / "Dockerfile"
    open_document(client, path)
    told = await diagnostics(client, path, lambda codes: "docker/user-root" in codes)
    flagged = next(one for one in told if one.code == "docker/apt-no-assume-yes")
    assert flagged.range.start.line == 2 and flagged.source == "plimsoll"
    assert flagged.code_description.href.endswith("/rules/docker/apt-no-assume-yes")
    document = types.TextDocumentIdentifier(uri=path.as_uri())
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(text_document=document, range=flagged.range, context=types.CodeActionContext(diagnostics=[flagged]))
    )
    fix = next(one for one in actions if one.is_preferred and one.diagnostics[0].code == flagged.code)
    edit = (fix.edit.document_changes[0].edits if fix.edit.document_changes else fix.edit.changes[path.as_uri()])[0]
    change = types.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=path.as_uri(), version=2), content_changes=[change]
        )
    )
    await diagnostics(client, path, lambda codes: "docker/apt-no-assume-yes" not in codes and "docker/user-root" in codes)


@pytest.mark.asyncio
async def test_hover_and_completion(client, project):
    path = project / "Dockerfile"
    open_document(client, path)
    await diagnostics(client, path, lambda codes: "docker/user-root" in codes)
    document = types.TextDocumentIdentifier(uri=path.as_uri())
    hover = await client.text_document_hover_async(
        types.HoverParams(text_document=document, position=types.Position(line=3, character=6))
    )
    assert "docker/user-root" in hover.contents.value
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=path.as_uri(), version=2),
            content_changes=[types.TextDocumentContentChangeWholeDocument(text=DOCKERFILE + "# plimsoll: ignore[\n")],
        )
    )
    completion = await client.text_document_completion_async(
        types.CompletionParams(text_document=document, position=types.Position(line=4, character=19))
    )
    assert "docker/user-root" in {item.label for item in completion.items}


@pytest.mark.asyncio
async def test_configuration_is_reloaded(client, project):
    path = project / "Dockerfile"
    open_document(client, path)
    await diagnostics(client, path, lambda codes: "docker/user-root" in codes)
    settings = project / "plimsoll.toml"
    settings.write_text('ignore = ["docker"]\n')
    change = types.FileEvent(uri=settings.as_uri(), type=types.FileChangeType.Changed)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes=[change]))
    await diagnostics(client, path, lambda codes: not codes)
