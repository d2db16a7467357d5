import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { settingsOf } from "../src/settings";
import { describe } from "../src/status";

const section = (values: Record<string, unknown>) => ({ get: <T>(name: string, otherwise: T) => (values[name] as T) ?? otherwise });

test("settings are sent as the server reads them", () => {
  assert.deepEqual(settingsOf(section({})), { configuration: null, isolated: false, select: null, extendSelect: [], ignore: [] });
  assert.equal(settingsOf(section({ configuration: "x.toml" })).configuration, "x.toml");
  assert.deepEqual(settingsOf(section({ select: ["docker"] })).select, ["docker"]);
});

test("every setting that is sent is declared", () => {
  const declared = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).contributes.configuration.properties);
  for (const name of Object.keys(settingsOf(section({})))) assert.ok(declared.includes(`plimsoll.${name}`), name);
});

test("the status item says how the server is", () => {
  assert.equal(describe({ kind: "running", version: "0.1.0" }).detail, "version 0.1.0");
  assert.ok(describe({ kind: "starting" }).busy && describe({ kind: "missing" }).bad && describe({ kind: "stopped" }).bad);
});
