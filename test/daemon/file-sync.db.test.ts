import { appendFileSync, existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { runThin, startDaemon } from "../support/daemon.ts";
import { create, type GitProject, gitProject } from "../support/git-project.ts";

let project: GitProject;
let beadsDir: string;
beforeEach(async () => {
  project = await gitProject();
  beadsDir = realpathSync(join(project.dir, ".beads"));
});

const titles = () => [...project.lines().values()].map(({ title }) => title);
const inTracker = async () => JSON.stringify(await project.bd("list"));
const through = async (args: readonly string[]) => {
  const { code, stderr } = await runThin(args, { cwd: project.dir, env: project.ws.env });
  expect({ code, stderr }).toMatchObject({ code: 0 });
};
const daemon = () => startDaemon(beadsDir, { env: project.ws.env, options: { debounceMs: 50 } });

test("a daemon writes the file after changes, once for many, and takes in what others write", async () => {
  await project.bd("config", "set", "sync.jsonl", "true");
  const running = await daemon();
  for (const title of ["One", "Two", "Three"]) await through(["create", title]);
  await expect.poll(titles).toHaveLength(3);
  const line = { id: "x-1", title: "By git", created_by: "ann", created_at: "2026-01-01T00:00:00Z" };
  appendFileSync(join(beadsDir, "issues.jsonl"), `${JSON.stringify(line)}\n`);
  // Not by the look of a command at the file: nothing is asked here that has one.
  await expect.poll(() => project.ws.sql("SELECT title FROM issues WHERE id = 'x-1'")).toEqual([{ title: "By git" }]);
  expect(await project.bd("daemon", "status")).toMatchObject({ last_sync: expect.any(String) });
  await running.stop();
});

test("what waits when it ends is written", async () => {
  await project.bd("config", "set", "sync.jsonl", "true");
  const running = await startDaemon(beadsDir, { env: project.ws.env, options: { debounceMs: 60_000 } });
  await through(["create", "Late"]);
  await running.stop();
  expect(titles()).toEqual(["Late"]);
});

test("without sync.jsonl it touches no file, and what it can't take in stands in its log", async () => {
  const running = await daemon();
  await through(["create", "One"]);
  writeFileSync(join(beadsDir, "issues.jsonl"), "{broken\n");
  await running.stop();
  expect(existsSync(join(beadsDir, "sync.json"))).toBe(false);
  expect(project.text()).toBe("{broken\n");
  await project.bd("config", "set", "sync.jsonl", "true");
  // A file that nobody has spoken for is left alone.
  const stranger = await daemon();
  await through(["create", "Before"]);
  await stranger.stop();
  expect(existsSync(join(beadsDir, "sync.json"))).toBe(false);
  writeFileSync(join(beadsDir, "issues.jsonl"), "");
  await project.bd("sync");
  writeFileSync(join(beadsDir, "issues.jsonl"), "{broken\n");
  const again = await daemon();
  await through(["create", "Two"]);
  await expect.poll(() => readFileSync(join(beadsDir, "daemon.log"), "utf8")).toContain("line 1: it is not JSON");
  await again.stop();
  expect(project.text()).toBe("{broken\n");
  expect(await inTracker()).toContain("Two");
  expect(await create(project, "Three")).not.toBe("");
});
