import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { create, type GitProject, gitProject, projectIn } from "../support/git-project.ts";
import { startScriptedProxy } from "../support/scripted-proxy.ts";
import { twoMachines } from "../support/two-machines.ts";

/** An issue that the file has, and the tracker; and a commit in which somebody has changed it since. */
async function changedInGit(project: GitProject) {
  onlyTheFile(project);
  await project.bd("config", "set", "sync.jsonl", "true");
  const id = await create(project, "One");
  await project.bd("sync");
  project.commit("one");
  project.git("checkout", "-q", "-b", "theirs");
  project.edit(id, { title: "Two", labels: ["new"], updated_at: later(project, id) });
  project.commit("two");
  project.git("checkout", "-q", "main");
  await project.bd("sync");
  return id;
}

/** Git keeps nothing but the file. */
function onlyTheFile({ dir }: GitProject): void {
  writeFileSync(join(dir, ".git", "info", "exclude"), ".beads/*\n!.beads/issues.jsonl\n");
}

function later(project: GitProject, id: string): string {
  const at = Date.parse(String(project.lines().get(id)?.["updated_at"]));
  return new Date(at + 1000).toISOString().replace(".000Z", "Z");
}

/** Has a command wait where it begins to write, until its end is asked for. */
async function slowly({ ws }: GitProject, args: readonly string[]) {
  const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const proxy = await startScriptedProxy(ws.port, async (flight) => {
    if (!flight.includes("GET_LOCK")) return;
    asked.resolve();
    await released.promise;
  });
  onTestFinished(() => proxy.close());
  const running = ws.bd(args, { env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });
  await asked.promise;
  return {
    end() {
      released.resolve();
      return running;
    },
  };
}

describe("what came in is not taken in anew, after somebody here has taken it back", () => {
  test("by a process that had begun before", async () => {
    const project = await gitProject();
    const id = await changedInGit(project);
    project.git("merge", "-q", "theirs");
    const slow = await slowly(project, ["hooks", "run", "post-merge", "--in-background"]);
    await project.bd("label", "remove", id, "new");
    await project.bd("update", id, "--title", "One");
    expect(await slow.end()).toMatchObject({ code: 0, stderr: "" });
    expect(await project.bd("show", id)).toMatchObject([{ title: "One" }]);
    expect(await project.bd("show", id)).not.toMatchObject([{ labels: ["new"] }]);
    await project.bd("sync");
    expect(project.lines().get(id)).toMatchObject({ title: "One" });
    expect(project.lines().get(id)).not.toHaveProperty("labels");
  });

  test("and the process leaves alone what is known of the file since", async () => {
    const project = await gitProject();
    await changedInGit(project);
    project.git("merge", "-q", "theirs");
    const slow = await slowly(project, ["hooks", "run", "post-merge", "--in-background"]);
    await create(project, "Three");
    await project.bd("sync");
    const known = await project.bd("sync", "--status");
    expect(known).toMatchObject({ unimported: false, unflushed: 0 });
    expect(await slow.end()).toMatchObject({ code: 0, stderr: "" });
    expect(await project.bd("sync", "--status")).toEqual(known);
  });

  test("by another clone of the same tracker", async () => {
    const project = await gitProject();
    const id = await changedInGit(project);
    const dir = join(project.ws.home, "clone");
    execFileSync("git", ["clone", "-q", project.dir, dir]);
    execFileSync("cp", [".beads/metadata.json", ".beads/config.yaml", join(dir, ".beads")], { cwd: project.dir });
    const clone = projectIn(project.ws, dir);
    onlyTheFile(clone);
    await clone.bd("sync");
    project.git("merge", "-q", "theirs");
    await project.bd("sync");
    await project.bd("label", "remove", id, "new");
    await project.bd("update", id, "--title", "One");
    clone.git("pull", "-q");
    await clone.bd("sync");
    expect(await project.bd("show", id)).toMatchObject([{ title: "One" }]);
    expect(await project.bd("show", id)).not.toMatchObject([{ labels: ["new"] }]);
  });
});

test("what a Dolt remote has brought before git is not taken in anew", async () => {
  const { ann, bob: other } = await twoMachines({ prefix: "twice" });
  const [ada, bob] = [await gitProject(ann), await gitProject(other)];
  const id = await changedInGit(ada);
  onlyTheFile(bob);
  // Bob has Ada's repository; nothing but the file is in it.
  bob.git("fetch", "-q", ada.dir, "main", "theirs:theirs");
  bob.git("checkout", "-q", "-f", "-B", "main", "FETCH_HEAD");
  await bob.bd("sync");
  ada.git("merge", "-q", "theirs");
  await ada.bd("sync");
  await ann.json(["dolt", "push"]);
  await other.json(["dolt", "pull"]);
  expect(await bob.bd("show", id)).toMatchObject([{ title: "Two", labels: ["new"] }]);
  await bob.bd("label", "remove", id, "new");
  await bob.bd("update", id, "--title", "One");
  bob.git("merge", "-q", "theirs");
  await bob.bd("sync");
  expect(await bob.bd("show", id)).toMatchObject([{ title: "One" }]);
  expect(await bob.bd("show", id)).not.toMatchObject([{ labels: ["new"] }]);
});

test("an issue that a Dolt remote brings after git has brought its deletion stays deleted", async () => {
  const { ann, bob: other } = await twoMachines({ prefix: "late" });
  const [ada, bob] = [await gitProject(ann), await gitProject(other)];
  const id = await changedInGit(ada);
  onlyTheFile(bob);
  await ann.json(["dolt", "push"]);
  await ada.bd("delete", id, "--force");
  await ada.bd("sync");
  ada.commit("deleted");
  bob.git("fetch", "-q", ada.dir, "main");
  bob.git("checkout", "-q", "-f", "-B", "main", "FETCH_HEAD");
  await bob.bd("sync");
  await other.json(["dolt", "pull"]);
  expect(await bob.bd("show", id)).toMatchObject([{ id }]);
  await bob.bd("sync");
  expect(bob.lines().get(id)).toMatchObject({ status: "tombstone" });
  await ann.json(["dolt", "push"]);
  await other.json(["dolt", "pull"]);
  expect(await bob.state()).not.toContain(id);
  await bob.bd("restore", id);
  await bob.bd("sync");
  expect(bob.lines().get(id)).toMatchObject({ status: "open" });
});

test("a file that never comes to rest holds up no command", async () => {
  const project = await gitProject();
  const id = await changedInGit(project);
  let changes = 0;
  const proxy = await startScriptedProxy(project.ws.port, (flight) => {
    if (!flight.includes("DOLT_HASHOF")) return;
    changes += 1;
    project.edit(id, { title: `Version ${changes}` });
  });
  onTestFinished(() => proxy.close());
  project.edit(id, { title: "Version" });
  const env = { BEADS_DOLT_SERVER_PORT: String(proxy.port) };
  const { code, stdout, stderr } = await project.ws.bd(["list"], { env });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining(".beads/issues.jsonl was left alone: "),
  });
  expect(stdout).toContain(id);
});
