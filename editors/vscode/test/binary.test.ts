import assert from "node:assert/strict";
import { test } from "node:test";
import { findBinary, type Surroundings } from "../src/binary";

function around(files: string[], path = "/usr/bin:bin:/opt/x"): Surroundings {
  return { path, home: "/home/me", windows: false, runs: (file) => files.includes(file) };
}

test("what is set wins, and is not second-guessed", () => {
  assert.equal(findBinary("/a/plimsoll", around(["/a/plimsoll", "/usr/bin/plimsoll"])), "/a/plimsoll");
  assert.equal(findBinary("~/p", around(["/home/me/p"])), "/home/me/p");
  assert.equal(findBinary("/gone", around(["/usr/bin/plimsoll"])), undefined);
});

test("the path comes before the usual places", () => {
  assert.equal(findBinary("", around(["/opt/x/plimsoll", "/home/me/.cargo/bin/plimsoll"])), "/opt/x/plimsoll");
  assert.equal(findBinary("", around(["/home/me/.cargo/bin/plimsoll"])), "/home/me/.cargo/bin/plimsoll");
  assert.equal(findBinary("", around([])), undefined);
});

test("a folder cannot bring its own program", () => {
  assert.equal(findBinary("", around(["bin/plimsoll", "plimsoll"])), undefined);
});
