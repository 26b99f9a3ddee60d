import { describe, expect, test } from "vitest";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { recordIn, recordsIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { commitBySql, run, twoMachines } from "../support/two-machines.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

/** The first words of each entry, and what it changed, newest first. */
async function historyOf(workspace: TestWorkspace, id: string): Promise<string[]> {
  const entries = recordsIn(await workspace.json(["history", id]));
  return entries.map(({ Committer, message, changes }) => {
    const types = recordsIn(changes).map(({ type }) => type);
    return `${String(Committer)}: ${String(message)} (${types.join(", ")})`;
  });
}

describe("bd history", () => {
  test("names each commit that changed an issue, with what it changed, newest first, and no other", async () => {
    const workspace = await testWorkspace({ prefix: "hi", actor: "ada" });
    await run(workspace, ["create", "Log in", "--id", "hi-1", "-d", "With a mail\nand a password.", "-q"]);
    await run(workspace, ["create", "Other", "--id", "hi-2", "-q"]);
    await run(workspace, ["update", "hi-1", "--claim", "--session", "s1", "-q"]);
    await run(workspace, ["update", "hi-2", "-p", "0", "-q"]);
    await run(workspace, ["comment", "hi-1", "looks good", "-q"]);
    await run(workspace, ["label", "add", "hi-1", "auth", "-q"]);
    await run(workspace, ["dep", "add", "hi-2", "hi-1", "-q"]);
    await run(workspace, ["update", "hi-1", "-d", "With a mail\nand a pass phrase.", "-q"]);
    await run(workspace, ["close", "hi-1", "-r", "Argon2id", "-q"]);
    await run(workspace, ["reopen", "hi-1", "-r", "it came back", "-q"]);

    expect(await historyOf(workspace, "hi-1")).toEqual([
      "ada: bd: reopen hi-1 (reopened)",
      "ada: bd: close hi-1 (closed)",
      "ada: bd: update hi-1 (updated)",
      "ada: dependency: add blocks hi-2 -> hi-1 (dependency_added)",
      "ada: bd: label added 'auth' on 1 issue(s) (labeled)",
      "ada: bd: comment hi-1 (commented)",
      "ada: bd: claim hi-1 (claimed)",
      "ada: bd: create hi-1 (created)",
    ]);
    const entries = recordsIn(await workspace.json(["history", "hi-1"]));
    expect(entries[0]).toMatchObject({ reason: "it came back", Issue: { status: "open" } });
    expect(entries[1]).toMatchObject({ Issue: { status: "closed", close_reason: "Argon2id" } });
    expect(entries[6]).toMatchObject({ session: "s1", Issue: { status: "in_progress", assignee: "ada" } });
    expect(entries[7]).toMatchObject({ Issue: { status: "open", description: "With a mail\nand a password." } });
    const out = await run(workspace, ["log", "1"]);
    expect(out).toContain("History of hi-1 (8 changes)");
    expect(out).toContain("    and a [-password-]{+pass phrase+}.");
    expect(out).toContain("  status: in_progress → closed\n  close_reason: Argon2id\n");
    expect(out).toContain("  + comment by ada: looks good\n");
    expect(out).toContain("  + hi-2 depends on it (blocks)\n");
  });

  test("shows the last ones, and says how many there are", async () => {
    const workspace = await testWorkspace({ prefix: "hl" });
    await run(workspace, ["create", "X", "--id", "hl-1", "-q"]);
    for (const priority of ["0", "1", "3"]) await run(workspace, ["update", "hl-1", "-p", priority, "-q"]);

    const text = await workspace.bd(["history", "hl-1", "-n", "2"]);
    const json = await workspace.bd(["history", "hl-1", "-n", "2", "--json"]);

    expect(text.stdout.match(/priority: /g)).toHaveLength(2);
    expect(JSON.parse(json.stdout)).toHaveLength(2);
    for (const { stderr } of [text, json]) expect(stderr).toBe("Showing 2 of 4 (--limit 0 for all)\n");
  });

  test("answers for a deleted issue, and not for one that nobody ever made", async () => {
    const workspace = await testWorkspace({ prefix: "hd" });
    await run(workspace, ["create", "Gone", "--id", "hd-1", "-l", "x", "-q"]);
    await commitBySql(workspace, ["DELETE FROM issues WHERE id = 'hd-1'"]);

    const [last, first] = recordsIn(await workspace.json(["history", "hd-1"]));
    const out = await run(workspace, ["history", "hd-1"]);

    expect(last).toMatchObject({
      Committer: "sql",
      Issue: null,
      changes: [{ type: "unlabeled" }, { type: "deleted" }],
    });
    expect(first).toMatchObject({ Issue: { title: "Gone" } });
    expect(out).toContain("- deleted: Gone");
    expect(out).toMatch(/\nhd-1 is deleted; bring it back: bd restore hd-1\n$/);
    await expectRefused(workspace, ["history", "hd-9"], {
      exit: 3,
      code: "ISSUE_NOT_FOUND",
      message: 'no issue found matching "hd-9"',
    });
  });

  test("leaves out what another issue did that had the id before", async () => {
    const workspace = await testWorkspace({ prefix: "hr" });
    await run(workspace, ["create", "First", "--id", "hr-1", "-l", "old", "-q"]);
    await commitBySql(workspace, ["DELETE FROM issues WHERE id = 'hr-1'"]);
    await commitBySql(workspace, [
      `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, created_by, created_at)
        VALUES ('hr-1', 'Second', '', '', '', '', 'bob', '2026-01-01')`,
    ]);
    await run(workspace, ["label", "add", "hr-1", "new", "-q"]);

    expect(await historyOf(workspace, "hr-1")).toEqual([
      "tester: bd: label added 'new' on 1 issue(s) (labeled)",
      "sql: by sql (created)",
    ]);
  });

  test("says that wisps have none", async () => {
    const workspace = await testWorkspace({ prefix: "hw" });
    await workspace.sql("SET autocommit = 1");
    await workspace.sql(
      "INSERT INTO wisps (id, title, description, design, acceptance_criteria, notes, ephemeral) VALUES ('hw-1', 'W', '', '', '', '', 1)",
    );

    expect(await run(workspace, ["history", "hw-1"])).toBe("hw-1 is a wisp: Dolt keeps no history of it\n");
    expect(await workspace.json(["history", "hw-1"])).toEqual([]);
  });
});

describe("where histories met", () => {
  test("each change is told once, by who made it, and a merge only where it made something", async () => {
    const { ann, bob, push } = await twoMachines({
      prefix: "hm",
      prepare: (machine) => run(machine, ["create", "Shared", "--id", "hm-1", "-q"]),
    });
    await run(bob, ["update", "hm-1", "-p", "0", "-q"]);
    await run(bob, ["comment", "hm-1", "by Bob", "-q"]);
    await push(bob);
    await run(ann, ["update", "hm-1", "-d", "By Ann", "-q"]);
    await run(ann, ["dolt", "pull"]);
    await run(ann, ["close", "hm-1", "-r", "done", "-q"]);

    const told = await historyOf(ann, "hm-1");

    expect(told[0]).toBe("ann: bd: close hm-1 (closed)");
    expect(told.at(-1)).toBe("ann: bd: create hm-1 (created)");
    expect(told.slice(1, -1).toSorted()).toEqual([
      "ann: bd: update hm-1 (updated)",
      "bob: bd: comment hm-1 (commented)",
      "bob: bd: update hm-1 (updated)",
    ]);
  });

  test("an issue is followed to the id that it had before, and nobody is told what the other one did", async () => {
    const { ann, bob, push } = await twoMachines({ prefix: "hv" });
    await run(ann, ["create", "Of Ann", "--id", "hv-v", "-q"]);
    await run(bob, ["create", "Of Bob", "--id", "hv-v", "-q"]);
    await run(bob, ["comment", "hv-v", "by Bob", "-q"]);
    await push(bob);
    await run(ann, ["dolt", "pull"]);
    const [moved] = await ann.sql("SELECT id, title FROM issues WHERE id LIKE 'hv-v\\_%'");
    const tailed = String(moved?.["id"]);
    await run(ann, ["label", "add", tailed, "x", "-q"]);
    const kept = moved?.["title"] === "Of Bob" ? "Of Ann" : "Of Bob";

    const ofMoved = recordsIn(await ann.json(["history", tailed]));
    const ofOther = recordsIn(await ann.json(["history", "hv-v"]));

    const titles = (entries: Record<string, unknown>[]) =>
      new Set(entries.flatMap(({ Issue }) => (Issue === null ? [] : [recordIn(Issue)["title"]])));
    expect([titles(ofMoved), titles(ofOther)]).toEqual([new Set([moved?.["title"]]), new Set([kept])]);
    expect(ofMoved.map(({ moved_from }) => moved_from)).toEqual(expect.arrayContaining([undefined, "hv-v"]));
    expect(ofMoved.at(-1)).toMatchObject({ changes: [{ type: "created" }] });
    expect(await run(ann, ["history", tailed])).toContain("its id was hv-v before this merge");
    const proxy = await startCountingProxy({ targetPort: ann.port });
    await ann.bd(["history", tailed], { env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });
    expect(proxy.counts().roundTrips).toBeLessThanOrEqual(5);
    await proxy.close();
  });
});
