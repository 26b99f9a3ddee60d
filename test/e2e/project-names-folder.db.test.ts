import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { expectRefused } from "../support/refused.ts";
import { run } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const DRY_AND_NOT = [["fetch"], ["pull"], ["pull", "--dry-run"], ["push", "--dry-run"]];

function nameRemote(workspace: TestWorkspace, folder: string): void {
  const path = join(workspace.dir, ".beads", "config.yaml");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  writeFileSync(path, `${before}\nfederation.remote: file://${folder}\n`);
}

const remotesOf = (workspace: TestWorkspace) => workspace.sql("SELECT name FROM dolt_remotes");

test("a folder that only the project names is neither made nor written, until somebody names the remote", async () => {
  const ann = await testWorkspace({ prefix: "pnf" });
  const folder = join(ann.home, "not", "there");
  nameRemote(ann, folder);

  for (const args of [...DRY_AND_NOT, ["push"]]) {
    await expectRefused(ann, ["dolt", ...args], {
      exit: 4,
      code: "REMOTE_NO_STORE",
      message: expect.stringContaining(folder),
      hint: "bd dolt remote add origin URL",
    });
  }
  expect(existsSync(join(ann.home, "not"))).toBe(false);
  mkdirSync(folder, { recursive: true });
  for (const args of DRY_AND_NOT) {
    expect((await ann.bd(["dolt", ...args])).code, args.join(" ")).toBe(4);
  }
  expect(readdirSync(folder)).toEqual([]);
  expect(await remotesOf(ann)).toEqual([]);

  await run(ann, ["dolt", "remote", "add", "origin", `file://${folder}`]);
  expect(await ann.json(["dolt", "push"])).toMatchObject({ verified: true });
});

test("init makes no folder that the project names", async () => {
  const bob = await makeWorkspace({ prefix: "pni", initialised: false });
  onTestFinished(() => bob.remove());
  const folder = join(bob.home, "not", "there");
  mkdirSync(join(bob.dir, ".beads"), { recursive: true });
  nameRemote(bob, folder);
  await bob.bd(["init", "--database", bob.database, "-q"]);
  expect(existsSync(join(bob.home, "not"))).toBe(false);
});

test("a dry run leaves the server's list of remotes as it was, and a workspace of no project adds nothing to it", async () => {
  const ann = await testWorkspace({ prefix: "pnd" });
  const folder = join(ann.home, "shelf");
  await run(ann, ["dolt", "remote", "add", "shelf", `file://${folder}`]);
  await run(ann, ["dolt", "push", "--remote", "shelf"]);
  await run(ann, ["dolt", "remote", "remove", "shelf"]);
  nameRemote(ann, folder);

  for (const args of [
    ["push", "--dry-run"],
    ["pull", "--dry-run"],
  ]) {
    await run(ann, ["dolt", ...args]);
    expect(await remotesOf(ann)).toEqual([]);
  }

  const metadata = join(ann.dir, ".beads", "metadata.json");
  const { project_id: id, ...others } = JSON.parse(readFileSync(metadata, "utf8"));
  writeFileSync(metadata, JSON.stringify(others));
  for (const args of [...DRY_AND_NOT, ["push"]]) {
    // Who names the database may write to it; the folder is still the remote of a project that says which it is.
    await expectRefused(ann, ["dolt", ...args, "--db", ann.database], {
      exit: 4,
      code: "PROJECT_ID_MISSING",
      message: expect.stringContaining(id),
      hint: "bd dolt remote add origin URL",
    });
  }
  expect(await remotesOf(ann)).toEqual([]);
});
