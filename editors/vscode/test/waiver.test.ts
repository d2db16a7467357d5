import assert from "node:assert/strict";
import { test } from "node:test";
import { isWaiver, withReason } from "../src/waiver";

const comment = "# plimsoll: ignore[docker/user-root] -- state the reason\n";

test("the reason takes its place, on one line", () => {
  assert.equal(withReason(comment, " costs $1,\nmostly "), "# plimsoll: ignore[docker/user-root] -- costs $1, mostly\n");
  assert.equal(withReason(comment, ""), "# plimsoll: ignore[docker/user-root]\n");
});

test("waivers are told by their title", () => {
  assert.ok(isWaiver("Waive docker/user-root here, with a reason") && !isWaiver("add `-y`"));
});
