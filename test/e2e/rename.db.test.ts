import { expect, test } from "vitest";
import { recordIn, recordsIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { testWorkspace } from "../support/workspace.ts";

test("an issue gets another id wherever it stands, and its numbered children come along, in one commit", async () => {
  const workspace = await testWorkspace({ prefix: "rn" });
  await workspace.json(["create", "Old", "--id", "rn-a1", "-l", "x"]);
  await workspace.json(["create", "Child", "--parent", "rn-a1"]);
  await workspace.json([
    "create",
    "Other, see rn-a1",
    "--id",
    "rn-a12",
    "-d",
    "rn-a1.1, not rn-a1_b",
    "--deps",
    "rn-a1",
  ]);
  await workspace.json(["comment", "rn-a12", "waits for rn-a1."]);
  const [before] = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");

  expect(await workspace.json(["rename", "rn-a1", "rn-login"])).toEqual({
    old_id: "rn-a1",
    new_id: "rn-login",
    issues_count: 2,
    references_updated: 2,
    schema_version: 1,
  });

  const [after] = await workspace.sql("SELECT COUNT(*) AS n FROM dolt_log");
  expect(Number(after?.["n"]) - Number(before?.["n"])).toBe(1);
  const [other] = recordsIn(await workspace.json(["show", "rn-a12"]));
  expect(other).toMatchObject({ title: "Other, see rn-login", description: "rn-login.1, not rn-a1_b" });
  expect(recordsIn(await workspace.json(["comments", "rn-a12"]))).toMatchObject([{ text: "waits for rn-login." }]);
  expect(recordsIn(await workspace.json(["children", "rn-login"]))).toMatchObject([{ id: "rn-login.1" }]);
  expect(await workspace.json(["label", "list", "rn-login"])).toEqual(["x"]);
  expect(recordIn(await workspace.json(["create", "Second", "--parent", "rn-login"]))).toMatchObject({
    id: "rn-login.2",
  });
  expect(await workspace.sql("SELECT id FROM issues ORDER BY id")).toEqual(
    ["rn-a12", "rn-login", "rn-login.1", "rn-login.2"].map((id) => ({ id })),
  );
});

test.each([
  ["an id that there is", ["rn-b2"], { exit: 1, code: "ID_EXISTS", message: expect.any(String) }],
  ["its own id", ["rn-a1"], { exit: 1, code: "ID_EXISTS", message: expect.any(String) }],
  ["another prefix", ["zz-1"], { exit: 1, code: "PREFIX_MISMATCH", message: expect.any(String) }],
  ["no id", ["rn login"], { exit: 2, code: "INVALID_ID", message: expect.any(String) }],
])("%s is refused, and nothing is changed", async (_what, to, refusal) => {
  const workspace = await testWorkspace({ prefix: "rn" });
  await workspace.json(["create", "One", "--id", "rn-a1"]);
  await workspace.json(["create", "Two", "--id", "rn-b2"]);
  await expectRefused(workspace, ["rename", "rn-a1", ...to], refusal);
});
