// Finding the program.

import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

/** What the search depends on, so that a test can say it. */
export interface Surroundings {
  path: string;
  home: string;
  windows: boolean;
  runs(file: string): boolean;
}

/** This machine. */
export const here: Surroundings = {
  path: process.env["PATH"] ?? "",
  home: homedir(),
  windows: process.platform === "win32",
  runs(file) {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  },
};

/** The program to run: as set, else on the `PATH`, else where installers put it. What is set is not second-guessed. */
export function findBinary(set: string, around: Surroundings = here): string | undefined {
  const wanted = set.trim().replace(/^~(?=[/\\])/, around.home);
  if (wanted !== "") {
    const found = isAbsolute(wanted) ? [wanted] : onPath(wanted, around);
    return found.find((file) => around.runs(file));
  }
  const name = around.windows ? "plimsoll.exe" : "plimsoll";
  const usual = [join(around.home, ".cargo", "bin"), join(around.home, ".local", "bin"), "/opt/homebrew/bin", "/usr/local/bin"];
  return [...onPath(name, around), ...usual.map((folder) => join(folder, name))].find((file) => around.runs(file));
}

function onPath(name: string, around: Surroundings): string[] {
  // A relative entry of the path would name a program of the folder that is open.
  return around.path.split(delimiter).filter((folder) => isAbsolute(folder)).map((folder) => join(folder, name));
}

/** The program's version, if it says one. */
export function versionOf(file: string): string | undefined {
  const { stdout } = spawnSync(file, ["--version"], { encoding: "utf8", timeout: 5000 });
  return /^plimsoll (\S+)/.exec(stdout ?? "")?.[1];
}
