// The extension: starts the server, hands it the settings, shows how it is.

import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient, State, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { findBinary, versionOf } from "./binary";
import { selector } from "./documents";
import { settingsOf } from "./settings";
import { describe, type Standing } from "./status";
import { isWaiver, withReason } from "./waiver";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Plimsoll", { log: true });
  const status = vscode.languages.createLanguageStatusItem("plimsoll", selector);
  const stand = (standing: Standing) => {
    const { text, detail, busy, bad } = describe(standing);
    Object.assign(status, { name: "Plimsoll", text, detail, busy });
    status.severity = bad ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    status.command = { command: "plimsoll.showLog", title: "Show log" };
  };
  const restart = async () => {
    await client?.stop().catch(() => undefined);
    client = await start(log, stand);
  };
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand("plimsoll.restart", restart),
    vscode.commands.registerCommand("plimsoll.showLog", () => log.show()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("plimsoll.path")) await restart();
    }),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(log: vscode.LogOutputChannel, stand: (standing: Standing) => void): Promise<LanguageClient | undefined> {
  stand({ kind: "starting" });
  const path = findBinary(vscode.workspace.getConfiguration("plimsoll").get<string>("path", ""));
  if (path === undefined) {
    stand({ kind: "missing" });
    const choice = await vscode.window.showErrorMessage("Plimsoll is not installed, or not where it is looked for.", "Open Settings");
    if (choice) await vscode.commands.executeCommand("workbench.action.openSettings", "plimsoll.path");
    return undefined;
  }
  const version = versionOf(path);
  log.info(`running ${path}, version ${version ?? "unknown"}`);
  const server: ServerOptions = { command: path, args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: selector,
    outputChannel: log,
    initializationOptions: settings(),
    synchronize: { configurationSection: "plimsoll" },
    middleware: {
      // The server gets the section's content, in the form that it gets at the start.
      workspace: {
        didChangeConfiguration: async () => {
          await started.sendNotification("workspace/didChangeConfiguration", { settings: { plimsoll: settings() } });
        },
      },
      // A waiver without a reason is worth little, so it is asked for before the comment is written.
      resolveCodeAction: async (action, token, next) => {
        const resolved = await next(action, token);
        if (!resolved?.edit || !isWaiver(resolved.title)) return resolved;
        const reason = await vscode.window.showInputBox({ prompt: `${resolved.title}: why?`, placeHolder: "reached through the VPN only" });
        if (reason === undefined) {
          resolved.edit = new vscode.WorkspaceEdit();
          return resolved;
        }
        const edit = new vscode.WorkspaceEdit();
        for (const [uri, edits] of resolved.edit.entries()) {
          edit.set(uri, edits.map((one) => new vscode.TextEdit(one.range, withReason(one.newText, reason))));
        }
        resolved.edit = edit;
        return resolved;
      },
    },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue }),
      closed: () => {
        stand({ kind: "stopped" });
        return { action: CloseAction.DoNotRestart };
      },
    },
  };
  const started = new LanguageClient("plimsoll", "Plimsoll", server, options);
  started.onDidChangeState(({ newState }) => {
    if (newState === State.Running) stand({ kind: "running", version });
  });
  try {
    await started.start();
    return started;
  } catch (error) {
    log.error(String(error));
    stand({ kind: "stopped" });
    return undefined;
  }
}

function settings() {
  return settingsOf(vscode.workspace.getConfiguration("plimsoll"));
}
