"""Places are right whatever stands before them: the real process against the command line, in every position encoding.

Characters outside the basic plane, combining marks, tabs and CRLF are put wherever a text takes them. Each text is opened in the editor's way, then
edited at a place given in the encoding's own units; after both, every diagnostic must stand where `plimsoll check` of the same bytes says.
"""

import json
import os
import pathlib
import queue
import subprocess
import tempfile
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PLIMSOLL = os.environ["PLIMSOLL"]
ENCODINGS = ["utf-8", "utf-16", "utf-32"]

# What a text may hold where `@` stands: inside a word, and (`~`) between words.
WORD = ["", "a", "\u00e9", "\U0001d54f", "a\u0301", "\U0001f469\u200d\U0001f680", "\u4e16"]
BLANK = [" ", "\t", "  ", " \t"]
ENDS = ["\n", "\r\n"]

TEXTS = {
    "Dockerfile": "# @\nFROM debian:12.7 AS a\nRUN echo \"@\"~&&~sudo true # @\nRUN echo @; apt-get install curl~\\\n  @\nLABEL a=\"@\"~b=c\nUSER root\n",
    "compose.yaml": "# @\nservices:\n  \"w@\":\n    image: \"nginx@\" #~@\n    labels: {\"@\": \"@\"}\n    privileged: true # @\n    command: [\"@\", \"@\"]\n    ports: [\"80:80\"]\n",
    "pod.yaml": "# @\napiVersion: v1\nkind: Pod\nmetadata: {name: \"@\", labels: {a: \"@\"}}\nspec:\n  containers:\n  - {name: \"@\", image: nginx, securityContext: {privileged: true}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: \"@\"}\nspec: {hostNetwork: true, containers: [{name: \"@\", image: \"x@:latest\"}]}\n",
    "main.tf": "# @\nvariable \"v\" {\n~default = \"@\" # @\n}\nresource \"aws_s3_bucket\" \"b\" {\n~bucket = \"@${var.v}@\"~/* @ */~\n~tags = { \"@\" = \"@\" }\n~acl = /* @ */ \"public-read\"\n}\n",
}


@st.composite
def documents(draw):
    """A file's name and text, what to put in, and how far through the text."""
    name = draw(st.sampled_from(sorted(TEXTS)))
    end = draw(st.sampled_from(ENDS))
    parts = []
    for character in TEXTS[name]:
        if character == "@":
            parts.append("".join(draw(st.lists(st.sampled_from(WORD), max_size=3))))
        elif character == "~":
            parts.append(draw(st.sampled_from(BLANK if not name.endswith("yaml") else [" ", "  "])))
        else:
            parts.append(end if character == "\n" else character)
    return name, "".join(parts), draw(st.sampled_from(WORD + ENDS + ["#", " "])), draw(st.floats(0, 1))


def units(encoding, text):
    if encoding == "utf-8":
        return len(text.encode())
    return len(text) if encoding == "utf-32" else len(text.encode("utf-16-le")) // 2


def position(encoding, text, at):
    before = text[:at]
    return {"line": before.count("\n"), "character": units(encoding, before[before.rfind("\n") + 1 :])}


class Server:
    """The process on its standard input and output."""

    def __init__(self, encoding, folder):
        self.process = subprocess.Popen([PLIMSOLL, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.messages = queue.SimpleQueue()
        threading.Thread(target=self.read, daemon=True).start()
        capabilities = {
            "general": {"positionEncodings": [encoding]},
            "textDocument": {"publishDiagnostics": {"versionSupport": True}},
        }
        folders = [{"uri": folder.as_uri(), "name": "x"}]
        self.send({"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": capabilities, "workspaceFolders": folders}})
        answer = self.until(lambda message: message.get("id") == 1)
        assert answer["result"]["capabilities"]["positionEncoding"] == encoding
        self.tell("initialized", {})
        self.version = 0

    def read(self):
        out = self.process.stdout
        while header := out.readline():
            if header.lower().startswith(b"content-length:"):
                out.readline()
                self.messages.put(json.loads(out.read(int(header.split(b":")[1]))))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def until(self, so):
        while True:
            message = self.messages.get(timeout=60)
            if so(message):
                return message

    def published(self, uri):
        def so(message):
            params = message.get("params") or {}
            return message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri and params.get("version") == self.version

        return self.until(so)["params"]["diagnostics"]


def told(diagnostics):
    place = lambda end: (end["line"], end["character"])
    return sorted((one["code"], place(one["range"]["start"]), place(one["range"]["end"])) for one in diagnostics if "/" in one["code"])


def checked(encoding, folder, name, text):
    (folder / name).write_bytes(text.encode())
    run = subprocess.run([PLIMSOLL, "check", "--format", "json", "--config", "plimsoll.toml", "."], cwd=folder, capture_output=True, check=False)
    report = json.loads(run.stdout)
    lines = text.split("\n")

    def place(end):
        before = lines[end["line"] - 1].removesuffix("\r")[: end["column"] - 1]
        return end["line"] - 1, units(encoding, before)

    found = [one for one in report["findings"] if one["path"] == name]
    return sorted((one["rule"], place(one["range"]["start"]), place(one["range"]["end"])) for one in found)


@pytest.fixture(scope="module", params=ENCODINGS)
def server(request):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        (folder / "plimsoll.toml").write_text('select = ["ALL"]\n')
        server = Server(request.param, folder)
        yield request.param, folder, server
        server.process.kill()
        server.process.wait()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), derandomize="CI" in os.environ)
@given(document=documents())
def test_places_are_the_command_lines(server, document):
    encoding, folder, server = server
    name, text, typed, share = document
    uri = (folder / name).as_uri()
    server.version += 1
    server.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "x", "version": server.version, "text": text}})
    opened = told(server.published(uri))
    assert opened == checked(encoding, folder, name, text)

    at = int(share * len(text))
    if text[at - 1 : at + 1] == "\r\n":
        at -= 1
    edited = text[:at] + typed + text[at:]
    server.version += 1
    place = position(encoding, text, at)
    change = {"range": {"start": place, "end": place}, "text": typed}
    server.tell("textDocument/didChange", {"textDocument": {"uri": uri, "version": server.version}, "contentChanges": [change]})
    after = told(server.published(uri))
    assert after == checked(encoding, folder, name, edited)
    server.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    (folder / name).unlink()
    server.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 3}]})
    # Something must be found, or nothing is compared.
    assert opened
