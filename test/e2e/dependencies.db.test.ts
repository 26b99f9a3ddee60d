import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { commitsMadeBy } from "../support/dolt-history.ts";
import { recordsIn } from "../support/payload.ts";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "dep" });
});
afterAll(() => workspace.remove());

/** Issues of the ids `dep-<name>`, made for one test. */
async function issues(...names: readonly string[]): Promise<void> {
  const lines = names.map((name) => `${JSON.stringify({ id: `dep-${name}`, title: `Issue ${name}` })}\n`);
  await workspace.json(["import", "-"], { stdin: lines.join("") });
}

const edges = (id: string) =>
  workspace.sql("SELECT depends_on_id, type, created_by FROM dependencies WHERE issue_id = ? ORDER BY 1", [id]);
const stdout = async (...args: readonly string[]) => (await workspace.bd(args)).stdout;

describe("dep add", () => {
  test("makes one edge in one commit under the actor's name", async () => {
    await issues("a1", "a2");
    const commits = await commitsMadeBy(workspace, async () => {
      expect(await workspace.json(["dep", "add", "dep-a1", "dep-a2"])).toEqual({
        status: "added",
        issue_id: "dep-a1",
        depends_on_id: "dep-a2",
        type: "blocks",
        schema_version: 1,
      });
    });
    expect(commits).toEqual([
      { message: "dependency: add blocks dep-a1 -> dep-a2", author: "tester", email: "tester@example.test" },
    ]);
    expect(await edges("dep-a1")).toEqual([{ depends_on_id: "dep-a2", type: "blocks", created_by: "tester" }]);
  });

  test("says so when the edge is there, and commits nothing", async () => {
    await issues("b1", "b2");
    await workspace.bd(["dep", "add", "dep-b1", "dep-b2"]);
    const commits = await commitsMadeBy(workspace, async () => {
      const line = "dep-b1 (Issue b1) waits for dep-b2 (Issue b2) (blocks) already\n";
      expect(await stdout("dep", "add", "dep-b1", "dep-b2")).toBe(line);
      expect(await workspace.json(["dep", "add", "dep-b1", "dep-b2"])).toMatchObject({ status: "unchanged" });
    });
    expect(commits).toEqual([]);
  });

  test("takes parts of ids, the flags for the target, and the other way round", async () => {
    await issues("cc1", "cc2", "cc3");
    expect(await stdout("dep", "add", "cc1", "--blocked-by", "cc2")).toBe(
      "✓ Added dependency: dep-cc1 (Issue cc1) waits for dep-cc2 (Issue cc2) (blocks)\n",
    );
    expect(await stdout("dep", "cc3", "--blocks", "cc2")).toBe("✓ Added dependency: dep-cc3 blocks dep-cc2\n");
    expect(await workspace.json(["dep", "cc3", "-b", "cc1"])).toEqual({
      status: "added",
      blocker_id: "dep-cc3",
      blocked_id: "dep-cc1",
      type: "blocks",
      schema_version: 1,
    });
  });

  test("stores targets of other projects as they are", async () => {
    await issues("d1");
    await workspace.json(["dep", "add", "dep-d1", "external:web:login"]);
    expect((await workspace.bd(["dep", "add", "dep-d1", "other-42", "-t", "related"])).stderr).toBe(
      "other-42 is not in this database, and holds nothing back\n",
    );
    expect((await workspace.bd(["dep", "add", "dep-d1", "other-42", "-t", "related"])).stderr).toBe("");
    expect(await edges("dep-d1")).toMatchObject([
      { depends_on_id: "external:web:login" },
      { depends_on_id: "other-42" },
    ]);
    expect(await stdout("dep", "list", "dep-d1")).toBe(
      "  external:web:login: (not in this database) via blocks\n  other-42: (not in this database) via related\n",
    );
  });

  test("names a few of many targets that are not here", async () => {
    await issues("d2");
    const lines = Array.from({ length: 7 }, (_, index) => JSON.stringify({ from: "dep-d2", to: `other-${index}` }));
    const { stderr } = await workspace.bd(["dep", "add", "--file", "-"], { stdin: lines.join("\n") });
    expect(stderr).toBe(
      "other-0, other-1, other-2, other-3, other-4 and 2 more are not in this database, and hold nothing back\n",
    );
  });

  test("names the way round of a cycle", async () => {
    await issues("e1", "e2", "e3");
    await workspace.json(["dep", "add", "dep-e2", "dep-e1"]);
    await workspace.json(["dep", "add", "dep-e3", "dep-e2"]);
    await expectRefused(workspace, ["dep", "add", "dep-e1", "dep-e3"], {
      exit: 1,
      code: "DEPENDENCY_CYCLE",
      message: "adding dependency would create a cycle",
      hint: "bd dep tree dep-e3",
      details: { cycle: ["dep-e1", "dep-e3", "dep-e2", "dep-e1"] },
    });
  });

  test("takes a file whole or not at all, in one commit", async () => {
    await issues("f1", "f2", "f3");
    const good = '{"from":"dep-f1","to":"dep-f2"}\n{"issue_id":"dep-f1","depends_on_id":"dep-f3","type":"tracks"}\n';
    await expectRefused(
      workspace,
      ["dep", "add", "--file", "-"],
      {
        exit: 1,
        code: "SELF_DEPENDENCY",
        message: "cannot add self-dependency: dep-f1 cannot depend on itself",
        hint: "bd show dep-f1",
      },
      { stdin: `${good}{"from":"dep-f1","to":"dep-f1"}` },
    );
    const commits = await commitsMadeBy(workspace, async () => {
      expect(await workspace.json(["dep", "add", "--file", "-"], { stdin: good })).toMatchObject({
        status: "added",
        count: 2,
      });
    });
    expect(commits).toMatchObject([{ message: "dependency: add 2 dependencies" }]);
  });

  test("takes seven round trips", async () => {
    await issues("g1", "g2");
    const proxy = await startCountingProxy({ targetPort: workspace.port });
    const env = { BEADS_DOLT_SERVER_PORT: String(proxy.port) };
    await workspace.json(["dep", "add", "dep-g1", "dep-g2"], { env });
    const { roundTrips } = proxy.counts();
    await proxy.close();
    expect(roundTrips).toBeLessThanOrEqual(7);
  });
});

describe("dep remove", () => {
  test("removes an edge in one commit, and its target may be gone", async () => {
    await issues("h1", "h2");
    await workspace.json(["dep", "add", "dep-h1", "other-1"]);
    await workspace.json(["dep", "add", "dep-h1", "dep-h2"]);
    const commits = await commitsMadeBy(workspace, async () => {
      expect(await stdout("dep", "remove", "dep-h1", "dep-h2")).toBe(
        "✓ Removed dependency: dep-h1 no longer depends on dep-h2\n",
      );
    });
    expect(commits).toMatchObject([{ message: "dependency: remove dep-h1 -> dep-h2", author: "tester" }]);
    expect(await workspace.json(["dep", "rm", "dep-h1", "other-1"])).toMatchObject({ status: "removed" });
    expect(await edges("dep-h1")).toEqual([]);
  });

  test("does not know an edge that is not there", async () => {
    await issues("i1", "i2");
    await expectRefused(workspace, ["dep", "remove", "dep-i1", "dep-i2"], {
      exit: 3,
      code: "DEPENDENCY_NOT_FOUND",
      message: "dep-i1 does not depend on dep-i2",
      hint: "bd dep list dep-i1",
    });
  });
});

describe("dep list", () => {
  test("shows the issues at the other ends, by type, down and up", async () => {
    await issues("j1", "j2", "j3");
    await workspace.json(["dep", "add", "dep-j1", "dep-j2"]);
    await workspace.json(["dep", "add", "dep-j1", "dep-j3", "-t", "related"]);
    expect(await stdout("dep", "list", "dep-j1", "-t", "blocks")).toBe("  dep-j2: Issue j2 [P2] (open) via blocks\n");
    expect(await workspace.json(["dep", "list", "dep-j1"])).toMatchObject([
      { id: "dep-j2", title: "Issue j2", dependency_type: "blocks" },
      { id: "dep-j3", dependency_type: "related" },
    ]);
    expect(await workspace.json(["dep", "list", "dep-j3", "--direction", "up"])).toMatchObject([
      { id: "dep-j1", dependency_type: "related" },
    ]);
  });

  test("gives the edges of several issues, and says which issue is not there", async () => {
    await issues("k1", "k2");
    await workspace.json(["dep", "add", "dep-k1", "dep-k2"]);
    const records = recordsIn(await workspace.json(["dep", "list", "dep-k1", "dep-k2"]));
    expect(records).toHaveLength(1);
    expect(Object.keys(records[0] ?? {})).toEqual([
      "issue_id",
      "depends_on_id",
      "type",
      "created_at",
      "created_by",
      "metadata",
    ]);
    const partly = await workspace.bd(["dep", "list", "dep-k1", "dep-none"]);
    expect(partly).toMatchObject({ code: 1, stdout: "  dep-k2: Issue k2 [P2] (open) via blocks\n" });
    expect(partly.stderr).toContain('no issue found matching "dep-none"');
  });
});

describe("dep tree", () => {
  beforeAll(async () => {
    await issues("t1", "t2", "t3", "t4");
    await workspace.json(["dep", "add", "dep-t1", "dep-t2"]);
    await workspace.json(["dep", "add", "dep-t2", "dep-t3"]);
    await workspace.json(["dep", "add", "dep-t1", "dep-t4", "-t", "tracks"]);
  });

  test("shows what an issue waits for, at any distance", async () => {
    expect(await stdout("dep", "tree", "dep-t1")).toBe(
      `
🌲 Dependency tree for dep-t1:

dep-t1: Issue t1 [P2] (open) [BLOCKED]
    ├── dep-t2: Issue t2 [P2] (open) [blocks]
        └── dep-t3: Issue t3 [P2] (open) [blocks]
    └── dep-t4: Issue t4 [P2] (open) [tracks]
`,
    );
  });

  test("shows every way to an issue, and what is below it once", async () => {
    await issues("w1", "w2", "w3", "w4");
    for (const [from, to] of ["12", "13", "24", "34"])
      await workspace.json(["dep", "add", `dep-w${from}`, `dep-w${to}`]);

    expect(await stdout("dep", "tree", "dep-w1")).toBe(
      `
🌲 Dependency tree for dep-w1:

dep-w1: Issue w1 [P2] (open) [BLOCKED]
    ├── dep-w2: Issue w2 [P2] (open) [blocks]
        └── dep-w4: Issue w4 [P2] (open) [blocks]
    └── dep-w3: Issue w3 [P2] (open) [blocks]
        └── dep-w4: Issue w4 [P2] (open) [blocks] … (shown above)
`,
    );
    expect(recordsIn(await workspace.json(["dep", "tree", "dep-w1"])).map(({ id }) => id)).toEqual([
      "dep-w1",
      "dep-w2",
      "dep-w4",
      "dep-w3",
    ]);
  });

  test("create says which waits for which", async () => {
    await issues("q1");
    const created = await stdout("create", "New", "--id", "dep-q2", "--deps", "dep-q1,discovered-from:dep-t1");
    expect(created).toContain("  it waits for dep-q1 (blocks)\n  it depends on dep-t1 (discovered-from)\n");
    expect(await stdout("create", "First", "--id", "dep-q3", "--deps", "blocks:dep-q1")).toContain(
      "  dep-q1 waits for it (blocks)\n",
    );
  });

  test("says when levels are left out, and turns round", async () => {
    expect(await stdout("dep", "tree", "dep-t1", "-d", "2")).toContain(
      "Deeper levels are left out (--max-depth for more)\n",
    );
    expect(await stdout("dep", "tree", "dep-t3", "--direction", "up")).toContain(
      "dep-t3: Issue t3 [P2] (open) [READY]\n    └── dep-t2: Issue t2 [P2] (open) [blocks]\n        └── dep-t1",
    );
  });

  test("gives the nodes as JSON, and as a Mermaid diagram", async () => {
    const nodes = recordsIn(await workspace.json(["dep", "tree", "dep-t1"]));
    expect(nodes[1]).toMatchObject({ depth: 1, parent_id: "dep-t1", edge_from_parent: "blocks", truncated: false });
    expect(Object.keys(nodes[0] ?? {}).slice(-3)).toEqual(["depth", "parent_id", "truncated"]);
    expect(await stdout("dep", "tree", "dep-t2", "--format", "mermaid")).toBe(
      'flowchart TD\n  n0["dep-t2: Issue t2 [P2] (open)"]\n  n1["dep-t3: Issue t3 [P2] (open)"]\n  n0 -->|blocks| n1\n',
    );
  });

  test("keeps what has a status and what leads to it", async () => {
    await workspace.json(["import", "-"], { stdin: '{"id":"dep-t3","title":"Issue t3","status":"in_progress"}' });
    const nodes = recordsIn(await workspace.json(["dep", "tree", "dep-t1", "--status", "in_progress"]));
    expect(nodes.map(({ id }) => id)).toEqual(["dep-t1", "dep-t2", "dep-t3"]);
  });
});

test("dep list and show tell of edges between issues and wisps, in both directions", async () => {
  const lines = [
    { id: "dep-real", title: "Real" },
    { id: "dep-wisp-w", title: "Wisp", ephemeral: true, dependencies: [{ depends_on_id: "dep-real", type: "tracks" }] },
  ];
  await workspace.json(["import", "-"], { stdin: lines.map((line) => JSON.stringify(line)).join("\n") });
  expect(await stdout("dep", "list", "dep-wisp-w")).toBe("  dep-real: Real [P2] (open) via tracks\n");
  expect(await stdout("dep", "list", "dep-real", "--direction", "up")).toBe(
    "  dep-wisp-w: Wisp [P2] (open) via tracks\n",
  );
  expect(await workspace.json(["show", "dep-wisp-w"])).toMatchObject([{ dependencies: [{ id: "dep-real" }] }]);
  expect(await workspace.json(["show", "dep-real"])).toMatchObject([{ dependents: [{ id: "dep-wisp-w" }] }]);
});

test("dep cycles finds circles that another program made, and no others", async () => {
  expect(await stdout("dep", "cycles")).toBe("\n✓ No dependency cycles detected\n");
  expect(await workspace.json(["dep", "cycles"])).toEqual([]);
  const edge = (id: string) => [{ depends_on_id: id, type: "blocks" }];
  const lines = [
    { id: "dep-z1", title: "Z1", dependencies: edge("dep-z2") },
    { id: "dep-z2", title: "Z2", dependencies: edge("dep-z1") },
  ];
  await workspace.json(["import", "-"], { stdin: lines.map((line) => JSON.stringify(line)).join("\n") });
  expect(await workspace.json(["dep", "cycles"])).toMatchObject([[{ id: "dep-z1" }, { id: "dep-z2" }]]);
  expect(await stdout("dep", "cycles")).toBe(
    "\n⚠ Found 1 dependency cycle:\n\n1. dep-z1 → dep-z2 → dep-z1\n   dep-z1: Z1\n   dep-z2: Z2\n",
  );
  const deadlock = [
    { id: "dep-z3", title: "Z3", dependencies: edge("dep-z3.1") },
    { id: "dep-z3.1", title: "Z3.1", dependencies: [{ depends_on_id: "dep-z3", type: "parent-child" }] },
  ];
  await workspace.json(["import", "-"], { stdin: deadlock.map((line) => JSON.stringify(line)).join("\n") });
  expect(await stdout("dep", "cycles")).toContain("\n2. dep-z3 → dep-z3.1 → dep-z3\n");
});
