import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { byBytes } from "../core/jsonl/any-issue.ts";
import { create, type GitProject, gitProject } from "../support/git-project.ts";
import { BD_PATH } from "../support/run-bd.ts";
import { twoMachines } from "../support/two-machines.ts";

/** Two clones of one repository, each with a database of its own: only git connects them. */
let ada: GitProject;
let bob: GitProject;

beforeEach(async () => connect(await gitProject(), await gitProject()));

/** Both know one bare repository, and commit the file alone. */
function connect(one: GitProject, other: GitProject): void {
  [ada, bob] = [one, other];
  const bare = join(ada.ws.home, "bare.git");
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", bare], { stdio: "pipe" });
  for (const project of [ada, bob]) {
    project.git("remote", "add", "origin", bare);
    writeFileSync(join(project.dir, ".git", "info", "exclude"), ".beads/*\n!.beads/issues.jsonl\n");
    project.save("");
  }
  ada.commit("begin");
  ada.git("push", "-q", "-u", "origin", "main");
  bob.git("fetch", "-q");
  bob.git("checkout", "-q", "-f", "main");
}

/** What a person does who knows nothing but git and `bd sync`. */
async function share(one: GitProject, how: "merge" | "rebase" = "merge"): Promise<void> {
  await one.bd("sync");
  one.commit();
  one.git("pull", "-q", ...(how === "merge" ? ["--no-rebase", "--no-edit"] : ["--rebase"]));
  await one.bd("sync");
  one.commit();
  one.git("push", "-q");
}

async function settle(how: "merge" | "rebase" = "merge"): Promise<void> {
  await share(ada, how);
  await share(bob, how);
  await share(ada, how);
  await share(bob, how);
}

test("a new issue, with all that hangs on it, is the same in the other clone", async () => {
  const blocker = await create(ada, "Blocker", "--description", "first\nthings", "--labels", "a,b");
  const blocked = await create(ada, "Blocked", "--priority", "0");
  await ada.bd("dep", "add", blocked, blocker);
  await ada.bd("comment", blocked, "Hello");
  await share(ada);
  await share(bob);
  expect(await bob.state()).toBe(await ada.state());
  expect(await bob.bd("show", blocked)).toMatchObject([{ title: "Blocked", priority: 0 }]);
  const log = await bob.ws.sql("SELECT message FROM dolt_log LIMIT 1");
  expect(String(log[0]?.["message"])).toContain("bd: sync 2 issue(s) from git");
});

test.each(["merge", "rebase"] as const)("fields, labels and comments of both come together by %s", async (how) => {
  const id = await create(ada, "One", "--labels", "old");
  await settle(how);
  await ada.bd("update", id, "--title", "Uno");
  await ada.bd("label", "remove", id, "old");
  await bob.bd("update", id, "--priority", "0");
  await bob.bd("label", "add", id, "new");
  await bob.bd("comment", id, "Bob was here");
  await settle(how);
  expect(await bob.state()).toBe(await ada.state());
  expect(await ada.bd("show", id)).toMatchObject([{ title: "Uno", priority: 0, labels: ["new"] }]);
});

test.each(["merge", "rebase"] as const)(
  "a label that was not there once, came, and went, is gone after a %s",
  async (how) => {
    const id = await create(ada, "One");
    await settle(how);
    await ada.bd("label", "add", id, "new");
    await settle(how);
    await ada.bd("label", "remove", id, "new");
    await create(ada, "Two");
    await share(ada, how);
    await bob.bd("comment", id, "Bob was here");
    await settle(how);
    expect(await bob.state()).toBe(await ada.state());
    expect(await ada.bd("show", id)).toMatchObject([{ comments: [{ text: "Bob was here" }] }]);
    expect(await ada.bd("show", id)).not.toMatchObject([{ labels: ["new"] }]);
  },
);

test("work that goes on after the commit stays, and what came by a rebase comes in", async () => {
  const id = await create(ada, "One");
  await settle();
  await bob.bd("label", "add", id, "theirs");
  await share(bob);
  await ada.bd("update", id, "--title", "Committed");
  await ada.bd("sync");
  ada.commit();
  await ada.bd("update", id, "--title", "One");
  ada.git("pull", "-q", "--rebase");
  await ada.bd("sync");
  expect(await ada.bd("show", id)).toMatchObject([{ title: "One", labels: ["theirs"] }]);
});

test("a version in between, which came with a pull and was never looked at, brings nothing back", async () => {
  const id = await create(bob, "Zero");
  await settle();
  for (const title of ["One", "Two"]) {
    await bob.bd("update", id, "--title", title);
    await bob.bd("sync");
    bob.commit(title);
  }
  bob.git("push", "-q");
  ada.git("pull", "-q");
  await ada.bd("sync");
  ada.git("checkout", "HEAD~1", "--", ".beads/issues.jsonl");
  expect(ada.lines().get(id)).toMatchObject({ title: "One" });
  await ada.bd("sync");
  expect(await ada.bd("show", id)).toMatchObject([{ title: "Two" }]);
  expect(ada.lines().get(id)).toMatchObject({ title: "Two" });
});

test("a rebase right after a checkout, with no command of bd's in between, brings in what came", async () => {
  const [one, other] = [await create(ada, "One"), await create(ada, "Other")];
  await settle();
  await bob.bd("comment", one, "Bob was here");
  await bob.bd("dep", "add", one, other);
  await share(bob);
  await ada.bd("update", one, "--title", "Uno");
  await ada.bd("sync");
  ada.commit();
  ada.git("checkout", "-q", "-b", "side");
  await ada.bd("update", one, "--priority", "0");
  await ada.bd("sync");
  ada.commit();
  ada.git("checkout", "-q", "main");
  ada.git("pull", "-q", "--rebase");
  await ada.bd("sync");
  ada.commit();
  ada.git("push", "-q");
  expect(await ada.bd("show", one)).toMatchObject([{ priority: 0, comments: [{ text: "Bob was here" }] }]);
  await settle();
  expect(await bob.state()).toBe(await ada.state());
  expect(bob.text()).toContain("Bob was here");
});

test("a deletion beats a change, stays, and a restore of it stays too", async () => {
  const id = await create(ada, "Doomed");
  await create(ada, "Other");
  await settle();
  await ada.bd("delete", id, "--force", "--reason", "a mistake");
  await bob.bd("update", id, "--title", "Still of use");
  await share(ada);
  expect(ada.lines().get(id)).toMatchObject({ status: "tombstone", delete_reason: "a mistake", deleted_by: "tester" });
  await share(bob);
  await settle();
  expect(await bob.state()).toBe(await ada.state());
  expect(await bob.state()).not.toContain(id);
  await bob.bd("restore", id);
  await settle();
  expect(await ada.state()).toContain("Still of use");
  expect(await bob.state()).toBe(await ada.state());
});

test("two issues under one id stay two", async () => {
  const line = (title: string, by: string) =>
    `${JSON.stringify({ id: "x-1", title, created_by: by, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z" })}\n`;
  await ada.ws.bd(["import", "-"], { stdin: line("Ada's", "ada") });
  await bob.ws.bd(["import", "-"], { stdin: line("Bob's", "bob") });
  await settle();
  await settle();
  expect(await bob.state()).toBe(await ada.state());
  expect(
    [...(await ada.state()).matchAll(/"title":"(\w+)'s"/g)].map(([, name]) => String(name)).toSorted(byBytes),
  ).toEqual(["Ada", "Bob"]);
});

describe("a week of random work comes to rest", () => {
  test("by git alone", { timeout: 240_000 }, async () => {
    await week(20_261_201, async () => {});
    expect(await bob.state()).toBe(await ada.state());
    expect(bob.text()).toBe(ada.text());
  });

  test("with a Dolt remote beside it", { timeout: 240_000 }, async () => {
    const { ann, bob: other } = await twoMachines({ prefix: "wk" });
    connect(await gitProject(ann), await gitProject(other));
    const exchange = async (one: GitProject) => {
      await one.ws.json(["dolt", "pull"]);
      await one.ws.json(["dolt", "push"]);
    };
    await week(7, exchange);
    for (const one of [ada, bob, ada]) await exchange(one);
    await settle();
    for (const one of [ada, bob, ada]) await exchange(one);
    expect(await bob.state()).toBe(await ada.state());
    await share(ada);
    await share(bob);
    await share(ada);
    expect(bob.text()).toBe(ada.text());
    const heads = await Promise.all([ada, bob].map((one) => one.ws.sql("SELECT COUNT(*) AS n FROM dolt_log")));
    for (const one of [ada, bob]) await share(one);
    // At rest nothing more is committed.
    expect(await Promise.all([ada, bob].map((one) => one.ws.sql("SELECT COUNT(*) AS n FROM dolt_log")))).toEqual(heads);
  });
});

async function week(start: number, exchange: (one: GitProject) => Promise<void>): Promise<void> {
  let seed = start;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const ids: string[] = [await create(ada, "Zero")];
  await settle();
  for (let step = 0; step < 60; step += 1) {
    const one = [ada, bob][random(2)] ?? ada;
    const id = ids[random(ids.length)] ?? "";
    const isThere = (await one.ws.bd(["show", id])).code === 0;
    const choice = random(10);
    if (choice === 0) ids.push(await create(one, `Issue ${step}`));
    else if (choice === 1) await share(one, random(2) === 0 ? "merge" : "rebase");
    else if (choice === 9) await exchange(one);
    else if (!isThere) continue;
    else if (choice === 2) await one.bd("update", id, "--title", `Title ${step}`);
    else if (choice === 3) await one.bd("update", id, "--priority", String(random(5)));
    else if (choice === 4) await one.bd("label", "add", id, `l${random(4)}`);
    else if (choice === 5) await one.ws.bd(["label", "remove", id, `l${random(4)}`]);
    else if (choice === 6) await one.bd("comment", id, `Comment ${step}`);
    else if (choice === 7) await one.ws.bd([random(2) === 0 ? "close" : "reopen", id]);
    else if (random(3) === 0) await one.bd("delete", id, "--force");
  }
  await settle();
  await settle();
}

test("ids that change in one clone change in the other, edits of that included", async () => {
  const [one, two] = [await create(ada, "One"), await create(ada, "Two")];
  await settle();
  await ada.bd("rename", one, "moved-1", "--force");
  await bob.bd("update", one, "--title", "Uno");
  await settle();
  expect(await bob.state()).toBe(await ada.state());
  expect(await bob.bd("show", "moved-1")).toMatchObject([{ title: "Uno" }]);
  expect(await bob.state()).toContain(two);
  expect([...bob.lines().keys()].toSorted()).toEqual(["moved-1", two].toSorted());
});

test("whenever a bd sync is killed, the next one has all of it", { timeout: 120_000 }, async () => {
  const ids = [await create(ada, "Zero")];
  await settle();
  for (let round = 0; round < 12; round += 1) {
    const id = await create(ada, `Issue ${round}`);
    ids.push(id);
    await bob.bd("update", ids[0] ?? "", "--title", `Title ${round}`);
    await share(bob);
    ada.git("stash", "-q");
    ada.git("pull", "-q");
    const child = spawn(process.execPath, [BD_PATH, "sync"], { cwd: ada.dir, env: ada.ws.env, stdio: "ignore" });
    setTimeout(() => child.kill("SIGKILL"), 60 + round * 15);
    await once(child, "exit");
    await ada.bd("sync");
    expect(ada.lines().get(ids[0] ?? "")).toMatchObject({ title: `Title ${round}` });
    expect(ada.lines().get(id)).toMatchObject({ title: `Issue ${round}` });
    ada.commit();
    ada.git("push", "-q");
    bob.git("pull", "-q");
    await bob.bd("sync");
  }
  await settle();
  expect(await bob.state()).toBe(await ada.state());
});

describe("what one person has done and taken back is taken back in the other clone, and nobody undoes that", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["a label", ["label", "add", "ONE", "zz"], ["label", "remove", "ONE", "zz"]],
    ["a label that was there", ["label", "remove", "ONE", "old"], ["label", "add", "ONE", "old"]],
    ["a dependency", ["dep", "add", "ONE", "TWO"], ["dep", "remove", "ONE", "TWO"]],
    ["a dependency that was there", ["dep", "remove", "KID", "ONE"], ["undo"]],
    ["a comment", ["comment", "ONE", "secret"], ["undo"]],
    ["a title", ["update", "ONE", "--title", "Uno"], ["undo"]],
    ["a closing", ["close", "TWO"], ["undo"]],
    ["a closing, by hand", ["close", "TWO"], ["reopen", "TWO"]],
    ["a deletion", ["delete", "ONE", "--force"], ["undo"]],
    ["a deletion, by restore", ["delete", "ONE", "--force"], ["restore", "ONE"]],
  ])("%s", async (_what, work, back) => {
    const ids = new Map([
      ["ONE", await create(ada, "One", "--labels", "old")],
      ["TWO", await create(ada, "Two")],
    ]);
    ids.set("KID", await create(ada, "Kid", "--deps", ids.get("ONE") ?? ""));
    await ada.bd("comment", ids.get("ONE") ?? "", "stays");
    await settle();
    const line = (words: readonly string[]) => words.map((word) => ids.get(word) ?? word);
    await ada.bd(...line(work));
    const done = await ada.state();
    await share(ada);
    await share(bob);
    expect(await bob.state()).toBe(done);
    await ada.bd(...line(back));
    const after = await ada.state();
    await share(ada);
    await share(bob);
    expect(await bob.state()).toBe(after);
    await settle();
    expect([await ada.state(), await bob.state()]).toEqual([after, after]);
    expect(ada.git("rev-parse", "HEAD:.beads/issues.jsonl")).toBe(bob.git("rev-parse", "HEAD:.beads/issues.jsonl"));
  });
});

test("a clone that began with bd init --from-jsonl knows what the file said then", async () => {
  const id = await create(ada, "One", "--labels", "old");
  await ada.bd("comment", id, "secret");
  await share(ada);
  bob.git("pull", "-q");
  await bob.bd("init", "--git-sync", "--from-jsonl");
  expect(await bob.state()).toBe(await ada.state());
  await ada.bd("undo");
  await ada.bd("label", "remove", id, "old");
  await share(ada);
  bob.git("pull", "-q");
  await bob.bd("sync");
  expect(await bob.state()).toBe(await ada.state());
  expect(bob.text()).not.toContain("secret");
});

test("another prefix for all issues is no loss of issues", async () => {
  for (const title of ["One", "Two", "Three"]) await create(ada, title);
  await settle();
  await ada.bd("rename-prefix", "other");
  await share(ada);
  await share(bob);
  expect(await bob.state()).toBe(await ada.state());
});
