import { chownSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bdCalls } from "../support/parse-bd-line.ts";
import { expectRefused } from "../support/refused.ts";
import { testWorkspace } from "../support/workspace.ts";

const OTHER_UID = 4242;

test("a workspace of another user is refused in every way, until the hint's line trusts it", async ({ skip }) => {
  if (process.geteuid?.() !== 0) skip("only root can give a folder to somebody else");
  const workspace = await testWorkspace({ prefix: "foreign" });
  await workspace.json(["create", "One", "--id", "foreign-1"]);
  const beads = join(workspace.dir, ".beads");
  for (const path of [beads, join(beads, "metadata.json")]) chownSync(path, OTHER_UID, OTHER_UID);
  const hint = `bd config set trusted-folders ${workspace.dir}`;

  for (const line of [["list"], ["create", "X"], ["where"], ["config", "set", "json", "true"], ["init"], ["import"]]) {
    await expectRefused(workspace, line, {
      exit: 4,
      code: "WORKSPACE_NOT_TRUSTED",
      message: `${beads} belongs to another user (uid ${OTHER_UID}), whose settings bd does not follow unasked`,
      hint,
      details: { path: beads, owner: OTHER_UID },
    });
  }
  expect(await workspace.json(["show", "foreign-1"], { env: { SUDO_UID: String(OTHER_UID) } })).toHaveLength(1);
  expect(await workspace.json(["show", "foreign-1"], { env: { BD_TRUSTED_FOLDERS: "*" } })).toHaveLength(1);
  expect(await workspace.json(["show", "foreign-1"], { env: { BEADS_DIR: beads } })).toHaveLength(1);

  const [trust = []] = bdCalls(hint);
  expect(await workspace.bd(trust)).toMatchObject({ code: 0, stderr: "" });
  expect(await workspace.json(["show", "foreign-1"])).toHaveLength(1);
});
