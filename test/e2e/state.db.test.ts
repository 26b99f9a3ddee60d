import { expect, test } from "vitest";
import { recordsIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { testWorkspace } from "../support/workspace.ts";

test("a state is one label of its dimension, and its reason a comment", async () => {
  const workspace = await testWorkspace({ prefix: "st" });
  await workspace.json(["create", "Queue", "--id", "st-1", "-l", "mode:normal,mode:odd,auth"]);
  const changed = await workspace.json(["set-state", "st-1", "mode=degraded", "--reason", "queue is full"]);
  expect(changed).toMatchObject({
    issue_id: "st-1",
    dimension: "mode",
    old_value: "normal",
    new_value: "degraded",
    changed: true,
  });
  expect(await workspace.json(["label", "list", "st-1"])).toEqual(["auth", "mode:degraded"]);
  expect(recordsIn(await workspace.json(["comments", "st-1"]))).toMatchObject([
    { text: "mode: normal → degraded\n\nqueue is full" },
  ]);
  expect(await workspace.json(["set-state", "st-1", "mode=degraded"])).toMatchObject({
    value: "degraded",
    changed: false,
  });
  await workspace.json(["set-state", "st-1", "health=a:b"]);
  expect(await workspace.json(["state", "list", "st-1"])).toMatchObject({
    states: { mode: "degraded", health: "a:b" },
  });
  expect((await workspace.bd(["state", "st-1", "mode"])).stdout).toBe("degraded\n");
  expect(await workspace.json(["state", "st-1", "nope"])).toMatchObject({ value: null });
  expect((await workspace.bd(["state", "st-1", "nope"])).stdout).toBe("(no nope state set)\n");
});

test.each(["mode", "=x", "mode=", "a:b=c", "mode=a,b"])("%s is no state", async (state) => {
  const workspace = await testWorkspace({ prefix: "st" });
  await workspace.json(["create", "Queue", "--id", "st-1"]);
  await expectRefused(workspace, ["set-state", "st-1", state], {
    exit: 2,
    code: "STATE_INVALID",
    message: expect.any(String),
  });
});
