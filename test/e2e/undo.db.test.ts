import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { findOperation } from "../../src/ops/index.ts";
import { doltCommits } from "../support/dolt-history.ts";
import { recordIn, recordsIn } from "../support/payload.ts";
import { expectRefused, stateOf } from "../support/refused.ts";
import { commitBySql, run, twoMachines } from "../support/two-machines.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const TABLES = ["config", "custom_statuses", "custom_types", "issues", "labels", "dependencies", "comments"];

/** All that the tracker says. Undoing is a change, so `updated_at` moves on. */
async function tablesOf(workspace: TestWorkspace): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await workspace.sql(`SELECT * FROM ${table}`);
    tables[table] = rows.map((row) => JSON.stringify({ ...row, updated_at: undefined })).toSorted();
  }
  return tables;
}

async function headOf(workspace: TestWorkspace): Promise<string> {
  const [row] = await workspace.sql("SELECT HASHOF('HEAD') AS hash");
  return String(row?.["hash"]);
}

/** Lines that change something, in an order in which each has something to do; what they did is done again after each. */
const LINES: readonly (readonly [line: string, stdin: string])[] = [
  ["create First --id un-1 -l a,b -d Text", ""],
  ["create Second --id un-2 --deps un-1", ""],
  ["create Child --parent un-1", ""],
  ["q Quick", ""],
  ["update un-1 -p 0 --title Other --add-label c --remove-label a --set-metadata k=v", ""],
  ["update un-2 --claim --session s", ""],
  ["ready --claim", ""],
  ["comment un-1 Hello", ""],
  ["comment edit un-1 Goodbye", ""],
  ["comment delete un-1", ""],
  ["comments add un-1 Again", ""],
  ["label add un-1 un-2 x", ""],
  ["label remove un-1 x", ""],
  ["create Third --id un-3", ""],
  ["dep relate un-1 un-3", ""],
  ["dep unrelate un-1 un-3", ""],
  ["dep add un-3 un-2", ""],
  ["dep un-1 --blocks un-3", ""],
  ["dep remove un-3 un-2", ""],
  ["link un-3 un-2", ""],
  ["assign un-1 bob", ""],
  ["priority un-1 3", ""],
  ["tag un-1 t", ""],
  ["note un-1 noted", ""],
  ["defer un-1 --until 2030-01-01", ""],
  ["undefer un-1", ""],
  ["close un-2 un-3 --force -r done", ""],
  ["reopen un-2 -r again", ""],
  ["done un-2 --force fixed", ""],
  ["create Same --id un-4", ""],
  ["duplicate un-4 --of un-2", ""],
  ["create Epic --id un-5 -t epic", ""],
  ["create Part --id un-6 --parent un-5", ""],
  ["supersede un-6 --with un-4", ""],
  ["epic close-eligible", ""],
  ["config set status.custom review", ""],
  ["config unset status.custom", ""],
  [
    "import -",
    '{"id":"un-1","title":"Imported"}\n{"id":"un-9","title":"New","labels":["l", ""],"comments":[{"author":"a","text":"t"}]}\n',
  ],
  ["set-state un-1 mode=on --reason why", ""],
  ["create Twin --id un-7", ""],
  ["create Twin --id un-8", ""],
  ["duplicates --auto-merge", ""],
  ["rename un-5 un-renamed", ""],
  ["create -f -", "## From\n### Labels\nx\n\n## A file\n### Deps\nun-1\n"],
  ["delete un-1 un-3 --force --cascade", ""],
  ["restore un-1", ""],
  ["rename-prefix ux", ""],
];

describe("every change is undone, and done again by undoing that", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await makeWorkspace({ prefix: "un" });
  });
  afterAll(() => workspace.remove());

  test.each(LINES)("bd %s", async (line, stdin) => {
    const before = await tablesOf(workspace);
    const done = await workspace.bd(line.split(" "), { stdin });
    expect(done).toMatchObject({ code: 0 });
    const after = await tablesOf(workspace);
    expect(after).not.toEqual(before);

    const [, session] = /--session (\w+)/.exec(line) ?? [];
    const undo = () => workspace.bd(["undo"], session === undefined ? {} : { env: { BD_SESSION: session } });
    expect(await undo()).toMatchObject({ code: 0 });
    expect(await tablesOf(workspace)).toEqual(before);
    expect(await undo()).toMatchObject({ code: 0 });
    expect(await tablesOf(workspace)).toEqual(after);
  });

  test("a whole day's work, commit by commit, back to the start", async () => {
    const own = await testWorkspace({ prefix: "ud" });
    const start = await tablesOf(own);
    const commits: string[] = [];
    for (const [line, stdin] of LINES.slice(0, -3)) {
      await own.bd(line.replaceAll("un-", "ud-").split(" "), { stdin: stdin.replaceAll("un-", "ud-") });
      commits.push(await headOf(own));
    }
    for (const commit of new Set(commits.toReversed())) await run(own, ["undo", commit.slice(0, 12)]);
    expect(await tablesOf(own)).toEqual(start);
  });
});

test("every command that writes issues or settings is among these", async () => {
  // They write no commit of their own that could be undone, are undone by what they are for, or bring what a file says.
  const others = new Set(["dolt commit", "undo", "sync"]);
  const missing: string[] = [];
  for (const entry of COMMANDS) {
    const name = entry.words.join(" ");
    const { handlers } = await entry.load();
    const writes = handlers.some(({ operation }) => findOperation(operation)?.access === "write");
    if (writes && !others.has(name) && !LINES.some(([line]) => `${line} `.startsWith(`${name} `))) missing.push(name);
  }
  expect(missing).toEqual([]);
});

/** One issue of Ada's, and a change of it. */
async function changed(): Promise<{ readonly workspace: TestWorkspace; readonly commit: string }> {
  const workspace = await testWorkspace({ prefix: "un", actor: "ada" });
  await run(workspace, ["create", "X", "--id", "un-1", "-q"]);
  await run(workspace, ["update", "un-1", "-p", "0", "-d", "New text", "-q"]);
  return { workspace, commit: await headOf(workspace) };
}

describe("bd undo", () => {
  test("says what it takes back; a dry run changes nothing", async () => {
    const { workspace, commit } = await changed();
    const before = await stateOf(workspace);

    const preview = await run(workspace, ["undo", "--dry-run"]);
    expect(await stateOf(workspace)).toEqual(before);
    const payload = await workspace.json(["undo"]);

    expect(preview).toBe(
      `Would undo ${commit.slice(0, 8)} bd: update un-1 (ada)\n  un-1\n    description: New text → (none)\n    priority: 0 → 2\n`,
    );
    expect(payload).toMatchObject({
      commit,
      author: "ada",
      message: "bd: update un-1",
      changes: [{ type: "updated", issue_id: "un-1", changes: { priority: { old: 0, new: 2 } } }],
    });
    expect((await doltCommits(workspace))[0]?.message).toBe(`bd: undo ${commit.slice(0, 8)}: bd: update un-1`);
    const [event] = await workspace.sql("SELECT event_type, comment FROM events WHERE comment LIKE 'Undid%'");
    expect(event).toEqual({ event_type: "updated", comment: `Undid commit ${commit}` });
  });

  test("leaves alone what others changed beside it, and says so where all is undone already", async () => {
    const { workspace, commit } = await changed();
    await run(workspace, ["update", "un-1", "--title", "Y", "--actor", "bob", "-q"]);

    await run(workspace, ["undo", commit]);

    expect(await workspace.json(["show", "un-1"])).toMatchObject([{ title: "Y", priority: 2 }]);
    expect(await run(workspace, ["undo", commit])).toContain("Nothing to undo");
  });

  test("is refused with every cell that somebody changed since, and changes nothing", async () => {
    const { workspace, commit } = await changed();
    await run(workspace, ["update", "un-1", "-p", "1", "--actor", "bob", "-q"]);

    await expectRefused(workspace, ["undo", commit], {
      exit: 6,
      code: "UNDO_CHANGED_SINCE",
      message: `commit ${commit.slice(0, 8)} (bd: update un-1) can't be undone: somebody changed since un-1 priority`,
      hint: "bd history un-1",
      details: { commit, cells: [{ table: "issues", item: "un-1", field: "priority" }] },
    });
  });

  test("takes no issue away to which something came since, and brings no label back to one that is gone", async () => {
    const { workspace } = await changed();
    const made = recordsIn(await workspace.json(["history", "un-1"])).at(-1);
    await run(workspace, ["update", "un-1", "-p", "2", "-d", "", "-q"]);
    await run(workspace, ["comment", "un-1", "mine", "--actor", "bob", "-q"]);
    const message = expect.stringContaining("somebody changed since un-1 (comments)");
    await expectRefused(workspace, ["undo", String(made?.["CommitHash"])], {
      exit: 6,
      code: "UNDO_CHANGED_SINCE",
      message,
    });

    await run(workspace, ["label", "add", "un-1", "x", "-q"]);
    await run(workspace, ["label", "remove", "un-1", "x", "-q"]);
    const removal = await headOf(workspace);
    await run(workspace, ["delete", "un-1", "--force", "-q"]);
    await expectRefused(workspace, ["undo", removal], {
      exit: 6,
      code: "UNDO_CHANGED_SINCE",
      message: expect.stringContaining("un-1"),
    });
  });

  test("is for the last commit of the actor, and of the session where there is one", async () => {
    const { workspace } = await changed();
    const session = (name: string) => ({ env: { BD_SESSION: name } });
    await workspace.bd(["label", "add", "un-1", "one"], session("s1"));
    await workspace.bd(["label", "add", "un-1", "two"], session("s2"));
    await run(workspace, ["label", "add", "un-1", "three", "--actor", "bob", "-q"]);

    await workspace.bd(["undo"], session("s1"));
    expect(await workspace.json(["label", "list", "un-1"])).toEqual(["three", "two"]);
    await expectRefused(
      workspace,
      ["undo"],
      { exit: 1, code: "NOTHING_TO_UNDO", message: expect.stringContaining("ada in session s3") },
      session("s3"),
    );
    await expectRefused(workspace, ["undo", "--actor", "carol"], {
      exit: 1,
      code: "NOTHING_TO_UNDO",
      message: "no commit of the history is by carol; name one",
      hint: "bd dolt log",
    });
  });

  test("takes back no session's command where none is named: agents may share the name", async () => {
    const { workspace } = await changed();
    await run(workspace, ["label", "add", "un-1", "mine", "-q"]);
    await workspace.bd(["label", "add", "un-1", "theirs"], { env: { BD_SESSION: "s1" } });
    const commit = await headOf(workspace);

    await expectRefused(workspace, ["undo"], {
      exit: 1,
      code: "UNDO_OTHER_SESSION",
      message: expect.stringContaining("(bd: label added 'theirs' on 1 issue(s))"),
      hint: `bd undo --dry-run ${commit.slice(0, 12)}`,
    });
    await run(workspace, ["undo", commit]);
    expect(await workspace.json(["label", "list", "un-1"])).toEqual(["mine"]);
  });

  test("of an undo says what is done again, and never nests", async () => {
    const { workspace } = await changed();
    await run(workspace, ["label", "add", "un-1", "one", "-q"]);
    const commit = (await headOf(workspace)).slice(0, 8);
    for (let turn = 0; turn < 3; turn++) await run(workspace, ["undo"]);
    const messages = (await doltCommits(workspace)).slice(0, 3).map(({ message }) => message);
    expect(messages).toEqual(
      ["undo", "redo", "undo"].map((verb) => `bd: ${verb} ${commit}: bd: label added 'one' on 1 issue(s)`),
    );
  });

  test("never touches the schema, the project's identity or other programs' tables", async () => {
    const { workspace } = await changed();
    await run(workspace, ["migrate", "deleted-issues", "-q"]);
    const migration = await headOf(workspace);
    await commitBySql(workspace, ["INSERT INTO metadata (`key`, value) VALUES ('custom', 'x')"]);
    const identity = await headOf(workspace);

    for (const [commit, table] of [
      [migration, "bd_deleted_issues"],
      [identity, "metadata"],
    ] as const) {
      await expectRefused(workspace, ["undo", commit], {
        exit: 1,
        code: "UNDO_OTHER_TABLES",
        message: expect.stringContaining(table),
        details: { tables: [table] },
      });
    }
    await expectRefused(workspace, ["undo", "zzzz"], {
      exit: 3,
      code: "COMMIT_NOT_FOUND",
      message: expect.stringContaining('no commit "zzzz"'),
    });
  });

  test("is refused for a merge, and not for what it brought", async () => {
    const { ann, bob, push } = await twoMachines({
      prefix: "um",
      prepare: (machine) => run(machine, ["create", "Shared", "--id", "um-1", "-q"]),
    });
    await run(bob, ["update", "um-1", "-p", "0", "-q"]);
    const brought = await headOf(bob);
    await push(bob);
    await run(ann, ["label", "add", "um-1", "x", "-q"]);
    await run(ann, ["dolt", "pull"]);

    await expectRefused(ann, ["undo"], {
      exit: 1,
      code: "UNDO_MERGE",
      message: expect.stringContaining("is a merge; undo the commits that it brought, one by one"),
      hint: "bd dolt log",
    });
    expect(recordIn(await ann.json(["undo", brought]))).toMatchObject({ author: "bob" });
    expect(await ann.json(["show", "um-1"])).toMatchObject([{ priority: 2, labels: ["x"] }]);
  });
});
