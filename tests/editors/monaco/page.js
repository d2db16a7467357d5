// VS Code's own client library in a page: one editor, and the server behind a WebSocket.
// What to open comes with the address: ?folder=…&file=…&language=…

import * as monaco from "@codingame/monaco-vscode-editor-api";
import { EditorApp } from "monaco-languageclient/editorApp";
import { LanguageClientWrapper } from "monaco-languageclient/lcwrapper";
import { MonacoVscodeApiWrapper } from "monaco-languageclient/vscodeApiWrapper";
import { configureDefaultWorkerFactory } from "monaco-languageclient/workerFactory";

const { folder, file, language } = Object.fromEntries(new URLSearchParams(location.search));
const container = document.getElementById("editor");
const api = new MonacoVscodeApiWrapper({
  $type: "extended",
  viewsConfig: { $type: "EditorService", htmlContainer: container },
  userConfiguration: { json: JSON.stringify({ "editor.lightbulb.enabled": "on", "workbench.colorTheme": "Default Light Modern" }) },
  monacoWorkerFactory: configureDefaultWorkerFactory,
  extensions: [
    {
      config: {
        name: "languages",
        publisher: "plimsoll",
        version: "1.0.0",
        engines: { vscode: "*" },
        contributes: {
          languages: [
            { id: "dockerfile", filenames: ["Dockerfile"] },
            { id: "terraform", extensions: [".tf"] },
          ],
        },
      },
    },
  ],
});
await api.start();

const client = new LanguageClientWrapper({
  languageId: language,
  connection: { options: { $type: "WebSocketUrl", url: `ws://${location.host}/` } },
  clientOptions: {
    documentSelector: [{ scheme: "file" }],
    workspaceFolder: { index: 0, name: "project", uri: monaco.Uri.file(folder) },
  },
});
await client.start();

const text = await (await fetch(`/project/${file}`)).text();
const app = new EditorApp({ codeResources: { modified: { text, uri: `file://${folder}/${file}`, enforceLanguageId: language } }, editorOptions: { fontSize: 16 } });
await app.start(container);
const editor = app.getEditor();
const markers = () => monaco.editor.getModelMarkers({}).map((one) => ({ code: one.code?.value ?? one.code, line: one.startLineNumber, column: one.startColumn }));
// What the driver looks at and does.
window.plimsoll = {
  text: () => editor.getModel().getValue(),
  markers,
  at: (line, column) => {
    editor.setPosition({ lineNumber: line, column });
    editor.focus();
  },
  run: (action) => editor.trigger("driver", action, {}),
};
