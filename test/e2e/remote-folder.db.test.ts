import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { doltBinary } from "../support/dolt-binary.ts";
import { expectRefused } from "../support/refused.ts";
import { run } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

interface Shelf {
  readonly ann: TestWorkspace;
  readonly folder: string;
  readonly url: string;
  /** Whoever clones it gets all issues of Ann's. */
  readonly expectWhole: () => Promise<void>;
}

const ENV = { BEADS_DOLT_BIN: doltBinary() };

/** A tracker that was pushed to a folder. */
async function shelf(prefix: string): Promise<Shelf> {
  const ann = await testWorkspace({ prefix });
  const folder = join(ann.home, "shelf");
  const url = `file://${folder}`;
  for (const id of [1, 2, 3]) await run(ann, ["create", `Issue ${id}`, "--id", `${prefix}-${id}`, "-q"]);
  await run(ann, ["dolt", "remote", "add", "shelf", url]);
  await run(ann, ["dolt", "push", "--remote", "shelf"]);
  let clones = 0;
  return {
    ann,
    folder,
    url,
    async expectWhole() {
      clones += 1;
      // A process of its own, which has seen nothing of what was there before.
      const bob = await makeWorkspace({ prefix: `${prefix}c${clones}`, initialised: false });
      onTestFinished(() => bob.remove());
      const env = { HOME: bob.home, DOLT_DISABLE_EVENT_FLUSH: "true" };
      execFileSync(doltBinary(), ["clone", url, "copy"], { cwd: bob.home, env, stdio: "pipe" });
      const out = execFileSync(doltBinary(), ["sql", "-r", "csv", "-q", "SELECT id FROM issues ORDER BY id"], {
        cwd: join(bob.home, "copy"),
        env,
      });
      const issues = await ann.sql("SELECT id FROM issues ORDER BY id");
      expect(out.toString().trim().split("\n").slice(1)).toEqual(issues.map(({ id }) => id));
    },
  };
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
}

test.each([
  ["emptied", empty],
  ["gone", (folder: string) => rmSync(folder, { recursive: true })],
  ["a file", (folder: string) => (rmSync(folder, { recursive: true }), writeFileSync(folder, ""))],
])("a folder that is %s is no place to push to, until somebody says so", async (what, spoil) => {
  const prefix = `rf${what.length}`;
  const { ann, folder, url, expectWhole } = await shelf(prefix);
  spoil(folder);

  for (const create of [false, true]) {
    if (create) await run(ann, ["create", "More", "--id", `${prefix}-4`, "-q"]);
    for (const args of [["push"], ["push", "--dry-run"], ["pull"], ["fetch"]]) {
      await expectRefused(ann, ["dolt", ...args, "--remote", "shelf"], {
        exit: 5,
        code: "REMOTE_LOST",
        message: expect.stringContaining("shelf"),
      });
    }
  }
  if (existsSync(folder)) expect(what === "a file" || readdirSync(folder).length === 0).toBe(true);
  if (what === "a file") unlinkSync(folder);

  await run(ann, ["dolt", "remote", "remove", "shelf"]);
  await run(ann, ["dolt", "remote", "add", "shelf", url]);
  const pushed = await ann.json(["dolt", "push", "--remote", "shelf"], { env: ENV });

  expect(pushed).toMatchObject({ verified: true, verified_by: "folder" });
  await expectWhole();
  await run(ann, ["create", "After", "--id", `${prefix}-5`, "-q"]);
  await run(ann, ["dolt", "push", "--remote", "shelf"]);
  await expectWhole();
});

test("without a dolt of ours, the server's memory of an emptied folder is said, and nothing is written", async () => {
  const { ann, folder, url } = await shelf("rfs");
  empty(folder);
  await run(ann, ["dolt", "remote", "remove", "shelf"]);
  await run(ann, ["dolt", "remote", "add", "shelf", url]);
  const env = { BEADS_DOLT_BIN: "", PATH: "/nowhere", XDG_CACHE_HOME: join(ann.home, "cache") };

  const refused = await ann.bd(["dolt", "push", "--remote", "shelf", "--json"], { env });

  expect(JSON.parse(refused.stdout)).toMatchObject({
    code: "REMOTE_STALE",
    error: expect.stringContaining("restart the server"),
  });
  expect(refused.code).toBe(5);
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that lost files of its store is said to be damaged", async () => {
  const { ann, folder } = await shelf("rfd");
  const names = readFileSync(join(folder, "manifest"), "utf8").split(":").slice(5);
  const lost = readdirSync(folder).find((file) => names.some((name) => name.length > 30 && file.startsWith(name)));
  rmSync(join(folder, lost ?? ""));

  for (const args of [["push"], ["pull"]]) {
    await expectRefused(ann, ["dolt", ...args, "--remote", "shelf"], {
      exit: 5,
      code: "REMOTE_DAMAGED",
      message: expect.stringContaining("manifest"),
    });
  }
});

test("a folder that an older copy took the place of is filled with what it lacks", async () => {
  const { ann, folder, expectWhole } = await shelf("rfo");
  const older = join(ann.home, "older");
  cpSync(folder, older, { recursive: true });
  await run(ann, ["create", "Newer", "--id", "rfo-4", "-q"]);
  await run(ann, ["dolt", "push", "--remote", "shelf"]);
  rmSync(folder, { recursive: true });
  cpSync(older, folder, { recursive: true });

  expect(await ann.json(["dolt", "push", "--remote", "shelf"])).toMatchObject({ verified: true, commits: 1 });
  await expectWhole();
});
