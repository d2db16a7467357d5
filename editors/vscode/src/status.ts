// The words of the status item.

/** How the server is. */
export type Standing = { kind: "starting" } | { kind: "running"; version: string | undefined } | { kind: "stopped" } | { kind: "missing" };

export function describe(standing: Standing): { text: string; detail: string; busy: boolean; bad: boolean } {
  switch (standing.kind) {
    case "starting":
      return { text: "Plimsoll", detail: "starting", busy: true, bad: false };
    case "running":
      return { text: "Plimsoll", detail: standing.version === undefined ? "running" : `version ${standing.version}`, busy: false, bad: false };
    case "stopped":
      return { text: "Plimsoll has stopped", detail: "see the log", busy: false, bad: true };
    case "missing":
      return { text: "Plimsoll is not installed", detail: "set plimsoll.path", busy: false, bad: true };
  }
}
