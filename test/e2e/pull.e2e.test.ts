import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { doltCommits } from "../support/dolt-history.ts";
import { recordIn } from "../support/payload.ts";
import {
  commitBySql,
  makeTwoMachines,
  run,
  type TwoMachines,
  tableHashes,
  twoMachines,
} from "../support/two-machines.ts";

const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const T1 = { date: "2026-02-01T00:00:00" };
const T2 = { date: "2026-02-02T00:00:00" };

describe("without conflicts", () => {
  let machines: TwoMachines;

  beforeAll(async () => {
    machines = await makeTwoMachines({
      prefix: "pl",
      prepare: async (ann) => {
        for (const [id, title] of [
          ["pl-1", "First"],
          ["pl-2", "Second"],
          ["pl-3", "Third"],
        ] as const) {
          await run(ann, ["create", title, "--id", id, "-q"]);
        }
      },
    });
  });
  afterAll(() => machines.remove());

  test("a pull right after the copy says that there is nothing new and changes nothing", async () => {
    const { bob } = machines;
    const before = await doltCommits(bob);

    expect(await run(bob, ["dolt", "pull"])).toBe("Already up to date with 'origin'.\n");
    expect(await doltCommits(bob)).toEqual(before);
  });

  test("what the remote alone has comes in as it is, issue by issue, without a merge commit", async () => {
    const { ann, bob, push } = machines;
    await run(ann, ["update", "pl-1", "--status", "in_progress", "-q"]);
    await run(ann, ["label", "add", "pl-2", "urgent", "-q"]);
    await run(ann, ["create", "Fourth", "--id", "pl-4", "-q"]);
    await push(ann);

    const preview = await run(bob, ["dolt", "pull", "--dry-run"]);
    const untouched = await bob.sql("SELECT id FROM issues WHERE id = 'pl-4'");
    const out = await run(bob, ["dolt", "pull"]);

    const lines = ["~ pl-1 First (status open → in_progress)", "~ pl-2 Second (+urgent)", "+ pl-4 Fourth"];
    expect(preview.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^Would pull from 'origin': 3 commits \(remote \w{8}\)$/),
      ...lines,
    ]);
    expect(untouched).toEqual([]);
    expect(out.trimEnd().split("\n")).toEqual([
      expect.stringMatching(
        /^✓ Pulled from 'origin': local \w{8} → \w{8}, 3 commits, 3 issues changed \(fast-forward\)$/,
      ),
      ...lines,
    ]);
    expect(await doltCommits(bob)).toEqual(await doltCommits(ann));
    expect(await bob.sql("SELECT * FROM dolt_status")).toEqual([]);
  });

  test("changes on both sides become one merge commit by the person who pulls, and the other side moves to it", async () => {
    const { ann, bob, push } = machines;
    await run(ann, ["update", "pl-1", "--title", "First of all", "-q"]);
    await push(ann);
    await run(bob, ["comment", "pl-1", "bob was here", "-q"]);
    await run(bob, ["create", "Fifth", "--id", "pl-5", "-q"]);

    const payload = recordIn(await bob.json(["dolt", "pull"]));
    await push(bob);
    const forward = recordIn(await ann.json(["dolt", "pull"]));

    expect(payload).toMatchObject({ result: "merge", ahead: 2, behind: 1, conflicts: [], renamed: [], beaten: [] });
    expect((await doltCommits(bob))[0]).toEqual({
      message: "bd: merge origin/main",
      author: "bob",
      email: "tester@example.test",
    });
    const [merge] = await bob.sql("SELECT parents FROM dolt_log('--parents') LIMIT 1");
    expect(String(merge?.["parents"]).split(", ")).toEqual([payload["local"], payload["remote_hash"]]);
    expect(forward).toMatchObject({ result: "fast-forward", head: payload["head"] });
    expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
  });

  test("equal changes on both sides are nothing to merge: each keeps its own commits, and the next change joins them", async () => {
    const { ann, bob, push } = machines;
    const same = ["UPDATE issues SET title = 'Same', updated_at = '2026-03-01 00:00:00' WHERE id = 'pl-3'"];
    await commitBySql(ann, same, T1);
    await commitBySql(bob, same, T2);
    await push(ann);
    const before = await doltCommits(bob);

    expect(await run(bob, ["dolt", "pull"])).toBe(
      "Already the same as 'origin', which came to it by other commits; 1 commit here waits for bd dolt push.\n",
    );
    expect(await bob.json(["dolt", "pull"])).toMatchObject({ result: "same-tables", ahead: 1, behind: 1, issues: [] });
    expect(await doltCommits(bob)).toEqual(before);
    await run(bob, ["label", "add", "pl-3", "next", "-q"]);
    expect(await bob.json(["dolt", "pull"])).toMatchObject({ result: "merge", conflicts: [], issues: [] });
    await push(bob);
    await run(ann, ["dolt", "pull"]);
  });

  test("people who write while a pull merges lose nothing, and neither does the pull", async () => {
    const { ann, bob, push } = machines;
    await run(ann, ["create", "Seventh", "--id", "pl-7", "-q"]);
    await push(ann);

    const writes = range(8).map((n) => bob.spawn(["create", `At once ${n}`, "--id", `pl-w${n}`, "-q"]).done);
    const pull = await bob.spawn(["dolt", "pull"]).done;
    const results = await Promise.all(writes);

    expect([pull, ...results].filter(({ code }) => code !== 0)).toEqual([]);
    expect(await bob.sql("SELECT COUNT(*) AS n FROM issues WHERE id LIKE 'pl-w%' OR id = 'pl-7'")).toEqual([{ n: 9 }]);
    expect(await bob.sql("SELECT * FROM dolt_status")).toEqual([]);
    await push(bob);
    await run(ann, ["dolt", "pull"]);
  });

  test("leftovers of another program are committed apart, and the pull goes on", async () => {
    const { ann, bob, push } = machines;
    await run(ann, ["create", "Sixth", "--id", "pl-6", "-q"]);
    await push(ann);
    await bob.sql("SELECT 1");
    await leaveUncommitted(machines, "UPDATE config SET value = '77' WHERE `key` = 'compact_batch_size'");

    const { code, stderr } = await bob.bd(["dolt", "pull"]);

    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("uncommitted in config (as bd-recovery)"),
    });
    expect((await doltCommits(bob)).slice(0, 2).map(({ author }) => author)).toEqual(["bob", "bd-recovery"]);
    expect(await bob.sql("SELECT * FROM dolt_status")).toEqual([]);
    await push(bob);
    await run(ann, ["dolt", "pull"]);
  });
});

/** As the Go program leaves its `config` rows: in the working set, not in a commit. */
async function leaveUncommitted({ bob }: TwoMachines, statement: string): Promise<void> {
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection({
    host: "127.0.0.1",
    port: bob.port,
    user: "root",
    database: bob.database,
  });
  await connection.query(statement);
  await connection.query("COMMIT");
  connection.destroy();
}

describe("with conflicts", () => {
  /** Ann pushed `anns`; Bob made `bobs` and has not pulled. */
  async function diverged(
    prefix: string,
    anns: readonly string[],
    bobs: readonly string[],
    dates: readonly { readonly date: string; readonly message?: string }[] = [T1, T2],
  ) {
    const machines = await twoMachines({
      prefix,
      prepare: async (ann) => {
        await run(ann, ["create", "One", "--id", `${prefix}-1`, "-d", "first text", "-l", "red,blue", "-q"]);
        await run(ann, ["create", "Two", "--id", `${prefix}-2`, "-q"]);
        await run(ann, ["dep", "add", `${prefix}-2`, `${prefix}-1`]);
        await run(ann, ["comment", `${prefix}-1`, "an old comment", "-q"]);
      },
    });
    await commitBySql(machines.ann, anns, dates[0]);
    await machines.push(machines.ann);
    await commitBySql(machines.bob, bobs, dates[1]);
    return machines;
  }

  const set = (id: string, values: string, at = "2026-02-01 00:00:00") =>
    `UPDATE issues SET ${values}, updated_at = '${at}' WHERE id = '${id}'`;

  test("each cell goes by its own commit date, and a text that loses is kept as a comment by bd", async () => {
    const long = "a text\\nof several lines";
    const { bob } = await diverged(
      "cf",
      [set("cf-1", `priority = 1, title = 'By Ann', description = '${long} by ann'`)],
      [set("cf-1", `priority = 3, design = 'By Bob', description = '${long} by bob'`)],
    );

    const out = await run(bob, ["dolt", "pull"]);

    expect(out.split("\n").slice(1)).toEqual([
      "~ cf-1 By Ann (title One → By Ann, +1 comment)",
      "Settled 2 conflicts:",
      "  cf-1 description: ours a text of several lines by bob over theirs a text of several lines by ann (later)",
      "  cf-1 priority: ours 3 over theirs 1 (later)",
      "  1 text that lost: kept as a comment by bd",
      "",
    ]);
    expect(await bob.sql("SELECT title, priority, design, description FROM issues WHERE id = 'cf-1'")).toEqual([
      { title: "By Ann", priority: 3, design: "By Bob", description: "a text\nof several lines by bob" },
    ]);
    expect(await bob.sql("SELECT author, text FROM comments WHERE author = 'bd'")).toEqual([
      {
        author: "bd",
        text: "Lost in a merge: description of 2026-02-01T00:00:00Z\n\na text\nof several lines by ann",
      },
    ]);
  });

  test("a value keeps its own date when a merge carries it along", async () => {
    const { ann, bob, push } = await diverged(
      "md",
      [set("md-1", "priority = 1")],
      [set("md-1", "title = 'Of January'")],
      [T1, { date: "2026-01-15T00:00:00" }],
    );
    await run(bob, ["dolt", "pull"]);
    await commitBySql(ann, [set("md-1", "title = 'Of March'", "2026-03-01 00:00:00")], { date: "2026-03-01T00:00:00" });
    await push(ann);

    await run(bob, ["dolt", "pull"]);

    expect(await bob.sql("SELECT title, priority FROM issues WHERE id = 'md-1'")).toEqual([
      { title: "Of March", priority: 1 },
    ]);
  });

  test("what came by a file of issues has the date of its line", async () => {
    const { bob } = await diverged(
      "fl",
      [set("fl-1", "title = 'Of March'", "2026-03-01 00:00:00")],
      [set("fl-1", "title = 'Of February', priority = 0", "2026-02-01 00:00:00")],
      [{ date: "2026-03-01T00:00:00" }, { date: "2026-04-01T00:00:00", message: "bd: sync 1 issue(s) from git" }],
    );

    await run(bob, ["dolt", "pull"]);

    expect(await bob.sql("SELECT title, priority FROM issues WHERE id = 'fl-1'")).toEqual([
      { title: "Of March", priority: 0 },
    ]);
  });

  test.for([
    ["theirs", 1],
    ["ours", 3],
  ] as const)("--strategy %s takes that side where both changed, and only there", async ([strategy, priority]) => {
    const prefix = `st${strategy}`;
    const { bob } = await diverged(
      prefix,
      [set(`${prefix}-1`, "priority = 1, title = 'By Ann'")],
      [set(`${prefix}-1`, "priority = 3, design = 'By Bob'")],
    );

    await run(bob, ["dolt", "pull", "--strategy", strategy]);

    expect(await bob.sql("SELECT title, priority, design FROM issues WHERE id LIKE '%-1'")).toEqual([
      { title: "By Ann", priority, design: "By Bob" },
    ]);
  });

  test("a dry run names what a pull would settle, and how, and leaves all as it is", async () => {
    const { bob } = await diverged(
      "dr",
      [set("dr-1", "priority = 1")],
      [set("dr-1", "priority = 3"), set("dr-2", "title = 'Two of Bob'")],
    );
    const before = await tableHashes(bob);

    const out = await run(bob, ["dolt", "pull", "--dry-run"]);

    expect(out.trimEnd().split("\n")).toEqual([
      expect.stringMatching(
        /^Would pull from 'origin': 1 commit \(remote \w{8}\); 1 commit here waits for bd dolt push$/,
      ),
      "~ dr-1 One (priority 2 → 1)",
      "Changed here since:",
      "~ dr-1 One (priority 2 → 3)",
      "~ dr-2 Two of Bob (title Two → Two of Bob)",
      "Would settle 1 conflict:",
      "  dr-1 priority: ours 3 over theirs 1 (later)",
    ]);
    expect(await tableHashes(bob)).toEqual(before);
  });

  test.for([
    ["the side that pulls", "dx", true],
    ["the other side", "dy", false],
  ] as const)(
    "an issue that %s deleted stays deleted where the other changed it, and the pull says who did what",
    async ([, prefix, bobDeletes]) => {
      const deletion = [
        `DELETE FROM dependencies WHERE depends_on_id = '${prefix}-1'`,
        `DELETE FROM issues WHERE id = '${prefix}-1'`,
      ];
      const change = [set(`${prefix}-1`, "priority = 0"), `DELETE FROM labels WHERE label = 'red'`];
      const { bob } = await diverged(prefix, bobDeletes ? change : deletion, bobDeletes ? deletion : change);

      const out = await run(bob, ["dolt", "pull"]);

      const [deleter, other] = bobDeletes ? ["ours", "theirs"] : ["theirs", "ours"];
      expect(out).toMatch(
        new RegExp(
          `^  ${prefix}-1 "One": ${deleter}, sql, deleted it, ${other} had changed it; bd restore --from=\\w{32} ${prefix}-1 brings it back$`,
          "m",
        ),
      );
      expect(await bob.sql("SELECT id FROM issues ORDER BY id")).toEqual([{ id: `${prefix}-2` }]);
      for (const table of ["labels", "comments", "dependencies"])
        expect(await bob.sql(`SELECT * FROM ${table}`)).toEqual([]);
      expect(await bob.sql("SELECT COUNT(*) AS n FROM events WHERE issue_id LIKE '%-1'")).toEqual([{ n: 0 }]);
      expect(await bob.sql("SELECT * FROM dolt_status")).toEqual([]);
    },
  );

  test.for([
    ["comment", "INSERT INTO comments (id, issue_id, author, text) VALUES ('c-1', 'ID', 'bob', 'still needed')"],
    ["label", "INSERT INTO labels VALUES ('ID', 'green')"],
    [
      "dependency of another issue",
      "INSERT INTO dependencies (issue_id, depends_on_id, type, created_by) VALUES ('OTHER', 'ID', 'related', 'bob')",
    ],
  ] as const)(
    "a new %s on an issue that the other side deleted goes with it, and is named",
    async ([what, statement]) => {
      const prefix = `nw${what.slice(0, 3)}`;
      const bobs = [statement.replace("'ID'", `'${prefix}-2'`).replace("'OTHER'", `'${prefix}-1'`)];
      const { bob } = await diverged(prefix, [`DELETE FROM issues WHERE id = '${prefix}-2'`], bobs);

      const payload = await bob.json(["dolt", "pull"]);

      expect(payload).toMatchObject({ beaten: [{ id: `${prefix}-2`, title: "Two", side: "ours", by: "sql" }] });
      expect(await bob.sql(`SELECT title FROM issues WHERE id = '${prefix}-2'`)).toEqual([]);
      expect(await bob.sql("SELECT * FROM dependencies WHERE type <> 'blocks'")).toEqual([]);
    },
  );

  test("an issue that nobody else touched stays deleted, and so does a removed label", async () => {
    const { bob } = await diverged(
      "rm",
      ["DELETE FROM issues WHERE id = 'rm-2'", "DELETE FROM labels WHERE label = 'red'"],
      [set("rm-1", "priority = 0"), "INSERT INTO labels VALUES ('rm-1', 'green')"],
    );

    expect(await run(bob, ["dolt", "pull"])).toContain("- rm-2 Two\n");
    expect(await bob.sql("SELECT id FROM issues")).toEqual([{ id: "rm-1" }]);
    expect(await bob.sql("SELECT label FROM labels ORDER BY 1")).toEqual([{ label: "blue" }, { label: "green" }]);
  });

  test("closed beats open; an issue that was reopened after the closing stays open", async () => {
    const { ann, bob, push } = await twoMachines({
      prefix: "cl",
      prepare: async (one) => {
        await run(one, ["create", "One", "--id", "cl-1", "-q"]);
        await run(one, ["create", "Two", "--id", "cl-2", "-q"]);
        await run(one, ["close", "cl-2", "-q"]);
      },
    });
    await run(ann, ["close", "cl-1", "-r", "done by ann", "-q"]);
    await run(ann, ["update", "cl-2", "--priority", "0", "-q"]);
    await push(ann);
    await run(bob, ["update", "cl-1", "--status", "in_progress", "-q"]);
    await run(bob, ["reopen", "cl-2", "-q"]);

    await run(bob, ["dolt", "pull"]);

    expect(await bob.sql("SELECT status, close_reason, priority FROM issues ORDER BY id")).toEqual([
      { status: "closed", close_reason: "done by ann", priority: 2 },
      { status: "open", close_reason: "", priority: 0 },
    ]);
  });

  test("two issues made under one id both stay, the later one under a new id with all that hangs on it", async () => {
    const child = (title: string, at: string) => [
      `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, created_at, created_by, updated_at)
        VALUES ('id-1.1', '${title}', '', '', '', '', '${at}', 'x', '${at}')`,
      `INSERT INTO dependencies (issue_id, depends_on_id, type, created_by) VALUES ('id-1.1', 'id-1', 'parent-child', 'x')`,
      `INSERT INTO comments (id, issue_id, author, text) VALUES (UUID(), 'id-1.1', 'x', 'on ${title}')`,
      `INSERT INTO labels VALUES ('id-1.1', '${title.replace(" ", "-")}')`,
      "INSERT INTO child_counters VALUES ('id-1', 1)",
    ];
    const { bob } = await diverged("id", child("by ann", "2026-02-01 10:00:00"), [
      ...child("by bob", "2026-02-01 11:00:00"),
      "INSERT INTO dependencies (issue_id, depends_on_id, type, created_by) VALUES ('id-2', 'id-1.1', 'related', 'x')",
    ]);

    const out = await run(bob, ["dolt", "pull"]);

    const moved = "id-1.1_eh5o5ysg";
    expect(out).toContain(`  id-1.1 "by bob" (ours) is ${moved} now; id-1.1 is "by ann"\n`);
    expect(await bob.sql("SELECT id, title FROM issues WHERE id LIKE 'id-1.%' ORDER BY id")).toEqual([
      { id: "id-1.1", title: "by ann" },
      { id: moved, title: "by bob" },
    ]);
    expect(await bob.sql("SELECT issue_id, label FROM labels WHERE label LIKE 'by-%' ORDER BY 1")).toEqual([
      { issue_id: "id-1.1", label: "by-ann" },
      { issue_id: moved, label: "by-bob" },
    ]);
    expect(await bob.sql("SELECT issue_id, text FROM comments WHERE text LIKE 'on %' ORDER BY 1")).toEqual([
      { issue_id: "id-1.1", text: "on by ann" },
      { issue_id: moved, text: "on by bob" },
    ]);
    expect(await bob.sql("SELECT issue_id, depends_on_id FROM dependencies ORDER BY 1, 2")).toEqual([
      { issue_id: "id-1.1", depends_on_id: "id-1" },
      { issue_id: moved, depends_on_id: "id-1" },
      { issue_id: "id-2", depends_on_id: "id-1" },
      { issue_id: "id-2", depends_on_id: moved },
    ]);
    expect(await bob.sql("SELECT * FROM child_counters")).toEqual([{ parent_id: "id-1", last_child: 1 }]);
  });
});

test("whoever pulls first, deletions, new ids and kept texts come to the same tables", async () => {
  const { ann, bob, push } = await twoMachines({
    prefix: "sy",
    prepare: async (one) => {
      for (const n of [1, 2, 3, 4]) await run(one, ["create", `Issue ${n}`, "--id", `sy-${n}`, "-l", "red", "-q"]);
      await run(one, ["dep", "add", "sy-4", "sy-2"]);
    },
  });
  const remote = `file://${bob.home}/remote`;
  for (const one of [ann, bob]) await one.sql("CALL DOLT_REMOTE('add', 'bobs', ?)", [remote]);
  await commitBySql(
    ann,
    ["DELETE FROM dependencies WHERE depends_on_id = 'sy-2'", "DELETE FROM issues WHERE id = 'sy-2'"],
    T1,
  );
  await run(ann, ["update", "sy-1", "--description", "some\nlines of ann", "-q"]);
  await run(ann, ["create", "Child of ann", "--parent", "sy-1", "-l", "green", "-q"]);
  await run(ann, ["create", "New of ann", "--id", "sy-9", "--deps", "sy-3", "-q"]);
  await run(ann, ["close", "sy-3", "-q"]);
  await commitBySql(bob, ["DELETE FROM issues WHERE id = 'sy-4'"], T2);
  await run(bob, ["comment", "sy-2", "bob needs this", "-q"]);
  await run(bob, ["update", "sy-1", "--description", "other\nlines of bob", "-q"]);
  await run(bob, ["create", "Child of bob", "--parent", "sy-1", "-l", "blue", "-q"]);
  await run(bob, ["create", "New of bob", "--id", "sy-9", "--deps", "sy-1.1", "-q"]);
  await run(bob, ["label", "add", "sy-3", "blue", "-q"]);
  await push(ann);
  await bob.sql("CALL DOLT_PUSH('bobs', 'main')");

  await run(bob, ["dolt", "pull"]);
  await run(ann, ["dolt", "pull", "--remote", "bobs"]);

  expect(await tableHashes(ann)).toEqual(await tableHashes(bob));
  expect(await bob.sql("SELECT COUNT(*) AS n FROM issues")).toEqual([{ n: 6 }]);
  // Two histories with equal tables: there is nothing to join.
  await bob.sql("CALL DOLT_PUSH('bobs', 'main')");
  expect(await ann.json(["dolt", "pull", "--remote", "bobs"])).toMatchObject({
    result: "same-tables",
    conflicts: [],
    issues: [],
  });
});

describe("refused", () => {
  test("rows that would break a rule of the database are named by issue, and the merge is undone", async () => {
    const { ann, bob, push } = await twoMachines({
      prefix: "uq",
      prepare: async (one) => {
        await run(one, ["create", "One", "--id", "uq-1", "-q"]);
        await run(one, ["create", "Two", "--id", "uq-2", "-q"]);
        await commitBySql(one, ["ALTER TABLE issues ADD UNIQUE INDEX one_ref (external_ref)"]);
      },
    });
    await commitBySql(ann, ["UPDATE issues SET external_ref = 'gh-1' WHERE id = 'uq-1'"]);
    await push(ann);
    await commitBySql(bob, ["UPDATE issues SET external_ref = 'gh-1' WHERE id = 'uq-2'"]);
    const before = await doltCommits(bob);

    const { code, stderr } = await bob.bd(["dolt", "pull"]);

    expect(code).toBe(6);
    expect(stderr).toContain("issues of uq-1, issues of uq-2; the merge was undone");
    expect(await doltCommits(bob)).toEqual(before);
    expect(await bob.sql("SELECT * FROM dolt_status")).toEqual([]);
  });

  test("a remote that was created apart exits 6 and leaves all as it is", async () => {
    const { bob } = await twoMachines({ prefix: "ap" });
    const other = await twoMachines({ prefix: "aq", ownHistory: true });
    const [remote] = await other.ann.sql("SELECT url FROM dolt_remotes");
    await bob.sql("CALL DOLT_REMOTE('add', 'stranger', ?)", [String(remote?.["url"])]);
    const before = await tableHashes(bob);

    const { code, stderr } = await bob.bd(["dolt", "pull", "--remote", "stranger"]);

    expect(code).toBe(6);
    expect(stderr).toContain("have no commit in common");
    expect(stderr).not.toContain("--force");
    expect(await tableHashes(bob)).toEqual(before);
  });

  test("a remote with another schema exits 7, names both, and leaves all as it is", async () => {
    const { ann, bob, push } = await twoMachines({ prefix: "sc" });
    await commitBySql(ann, ["INSERT INTO schema_migrations (version) VALUES (33)"]);
    await push(ann);
    const before = await tableHashes(bob);

    const { code, stderr } = await bob.bd(["dolt", "pull"]);

    expect(code).toBe(7);
    expect(stderr).toContain("the remote has schema 33, this database 32: run bd migrate here, push there, then pull");
    expect(await tableHashes(bob)).toEqual(before);
  });

  test("a remote of another project exits 4 and leaves all as it is", async () => {
    const { ann, bob, push } = await twoMachines({ prefix: "op" });
    await commitBySql(ann, ["UPDATE metadata SET value = 'another' WHERE `key` = '_project_id'"]);
    await push(ann);

    const { code, stderr } = await bob.bd(["dolt", "pull"]);

    expect(code).toBe(4);
    expect(stderr).toContain("the remote belongs to project another");
  });
});
