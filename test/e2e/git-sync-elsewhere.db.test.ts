import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { create, type GitProject, gitProject, projectIn } from "../support/git-project.ts";

let project: GitProject;
let first: string;
let second: string;

/**
 * Two commits: in the first one issue is open that the second one closes, and another that was deleted since. All of it
 * within one second, as scripts work, so that no time tells what came later.
 */
beforeEach(async () => {
  project = await gitProject();
  first = await create(project, "First");
  const doomed = await create(project, "Doomed");
  await project.bd("sync");
  project.commit("open");
  await project.bd("close", first);
  await project.bd("label", "add", first, "done");
  await project.bd("delete", doomed, "--force");
  second = await create(project, "Second");
  await project.bd("sync");
  project.commit("closed");
});

function git(...calls: readonly (readonly string[])[]): void {
  for (const args of calls) project.git(...args);
}

const dirty = async () => {
  await project.bd("update", second, "--title", "Second, of today");
  await project.bd("sync");
};

test.each<[string, () => Promise<void> | void]>([
  ["checkout of an older commit", () => git(["checkout", "-q", "HEAD~1"])],
  ["checkout there and back", () => git(["checkout", "-q", "HEAD~1"], ["checkout", "-q", "main"])],
  [
    "checkout of another branch with work of its own",
    () => {
      project.git("checkout", "-q", "-b", "other", "HEAD~1");
      project.git("commit", "-q", "--allow-empty", "-m", "other work");
    },
  ],
  ["reset --hard", () => git(["reset", "-q", "--hard", "HEAD~1"])],
  ["reset --soft", () => git(["reset", "-q", "--soft", "HEAD~1"])],
  [
    "stash",
    async () => {
      await dirty();
      project.git("stash", "-q");
    },
  ],
  [
    "stash pop",
    async () => {
      await dirty();
      project.git("stash", "-q");
      await project.bd("sync", "--import-only");
      project.git("stash", "pop", "-q");
    },
  ],
  ["bisect", () => git(["bisect", "start", "HEAD", "HEAD~1"], ["checkout", "-q", "HEAD~1"])],
  [
    "checkout -- FILE",
    async () => {
      await dirty();
      project.git("checkout", "--", ".beads/issues.jsonl");
    },
  ],
  ["checkout OLD -- FILE", () => git(["checkout", "HEAD~1", "--", ".beads/issues.jsonl"])],
  ["commit --amend", () => git(["commit", "-q", "--amend", "-m", "other words"])],
  [
    "rewritten history",
    () => {
      project.git("checkout", "-q", "--orphan", "fresh");
      project.git("commit", "-q", "-m", "all anew");
      project.git("branch", "-q", "-D", "main");
      project.git("reflog", "expire", "--expire=now", "--all");
      project.git("gc", "-q", "--prune=now");
    },
  ],
  ["rm FILE", () => rmSync(join(project.dir, ".beads", "issues.jsonl"))],
  ["clean -fdx", () => git(["clean", "-fdxq"], ["checkout", "-q", "HEAD~1"])],
])("%s: nothing in the tracker goes back, and the file says all again", async (_name, act) => {
  await act();
  const before = await project.state();
  await project.bd("sync", "--import-only");
  expect(await project.state()).toBe(before);
  await project.bd("sync");
  expect(await project.state()).toBe(before);
  expect(project.lines().get(first)).toMatchObject({ status: "closed", labels: ["done"] });
  expect(project.lines().has(second)).toBe(true);
  const living = [...project.lines().values()].filter(({ status }) => status !== "tombstone");
  expect(living).toHaveLength(2);
});

test("revert of a commit takes back what it said, as a pull would; not what was done since", async () => {
  await project.bd("update", second, "--title", "Since");
  project.git("stash", "-q");
  git(["revert", "--no-edit", "HEAD"]);
  await project.bd("sync");
  expect(project.lines().get(first)).toMatchObject({ status: "open" });
  expect(await project.bd("show", second)).toMatchObject([{ title: "Since" }]);
});

test("a worktree of an old branch, and a fresh clone of it, bring nothing back", async () => {
  project.git("branch", "old", "HEAD~1");
  project.git("worktree", "add", "-q", "wt", "old");
  execFileSync("git", ["clone", "-q", "-b", "old", project.dir, join(project.ws.home, "clone")], { stdio: "pipe" });
  const before = await project.state();
  for (const dir of [join(project.dir, "wt"), join(project.ws.home, "clone")]) {
    const other = projectIn(project.ws, dir);
    await other.bd("sync", "--import-only");
    expect(await project.state()).toBe(before);
    await other.bd("sync");
    expect(await project.state()).toBe(before);
    expect(other.lines().get(first)).toMatchObject({ status: "closed" });
  }
});

test("a hand's edit is taken in, and one that is older than the tracker is not", async () => {
  project.edit(second, { title: "By hand" });
  await project.bd("sync");
  expect(await project.bd("show", second)).toMatchObject([{ title: "By hand" }]);
  project.edit(second, { title: "Of long ago", updated_at: "2020-01-01T00:00:00Z" });
  expect(await project.bd("sync")).toMatchObject({ taken_in: { older: 1, updated: [] }, written: [second] });
  expect(project.lines().get(second)).toMatchObject({ title: "By hand" });
});

test("a repository that names objects by SHA-256 tells as well what is old, and what a line began from", async () => {
  project = await gitProject(undefined, "--object-format=sha256");
  const id = await create(project, "First");
  await project.bd("sync");
  const began = project.commit("first");
  expect(began).toHaveLength(64);
  await project.bd("update", id, "--title", "Second");
  await project.bd("label", "add", id, "ours");
  await project.bd("sync");
  project.commit("second");
  project.edit(id, { priority: 0 });
  project.commit("by hand");
  expect(await project.bd("sync")).toMatchObject({ taken_in: { updated: [{ id, fields: ["priority"] }] } });
  project.git("checkout", "-q", began);
  expect(await project.bd("sync")).toMatchObject({ taken_in: { updated: [], older: 0 }, written: [id] });
  expect(await project.bd("show", id)).toMatchObject([{ title: "Second", priority: 0, labels: ["ours"] }]);
  project.git("checkout", "-q", "-f", "main");
  expect(await project.bd("sync", "--status")).toMatchObject({ git_commit: project.git("rev-parse", "HEAD") });
});
