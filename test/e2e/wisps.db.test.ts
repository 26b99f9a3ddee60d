import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitsMadeBy } from "../support/dolt-history.ts";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;

beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "wi" });
});
afterAll(() => ws.remove());

const TABLES = ["issues", "labels", "dependencies", "comments", "events"] as const;

/** Every row of an issue, by table without `wisp_`, and in which family it is. */
async function rowsOf(id: string, on: TestWorkspace = ws) {
  const found: Record<string, unknown> = {};
  for (const table of TABLES) {
    const column = table === "issues" ? "id" : "issue_id";
    const wispTable = table === "issues" ? "wisps" : `wisp_${table}`;
    const order = table === "labels" ? "label" : table === "dependencies" ? "depends_on_id" : "id";
    found[table] = await on.sql(`SELECT * FROM ${table} WHERE ${column} = ? ORDER BY ${order}`, [id]);
    found[`wisp ${table}`] = await on.sql(`SELECT * FROM ${wispTable} WHERE ${column} = ? ORDER BY ${order}`, [id]);
  }
  return found;
}

const one = (output: unknown) => Object(Array.isArray(output) ? output[0] : output);

describe("bd create --ephemeral", () => {
  test("makes a wisp: listed, not ready, in no commit and no push", async () => {
    let id = "";
    const commits = await commitsMadeBy(ws, async () => {
      const made = one(await ws.json(["create", "Try it", "--ephemeral", "-l", "x", "-d", "text"]));
      expect(made).toMatchObject({ id: expect.stringMatching(/^wi-wisp-[a-z0-9]{3,}$/), ephemeral: true });
      id = made.id;
    });

    expect(commits).toEqual([]);
    expect(await rowsOf(id)).toMatchObject({
      issues: [],
      labels: [],
      events: [],
      "wisp issues": [{ id, ephemeral: 1, title: "Try it" }],
      "wisp labels": [{ label: "x" }],
      "wisp events": [{ event_type: "created" }],
    });
    expect(await ws.json(["show", id])).toMatchObject([{ id, description: "text", labels: ["x"] }]);
    expect(JSON.stringify(await ws.json(["list"]))).toContain(id);
    expect(JSON.stringify(await ws.json(["ready"]))).not.toContain(id);
  });

  test("its dependencies lie where they begin, and a child has its parent's number", async () => {
    const issue = one(await ws.json(["create", "Issue"])).id;
    const first = one(await ws.json(["create", "First", "--ephemeral"])).id;
    const waits = one(await ws.json(["create", "Waits", "--ephemeral", "--deps", `${issue},related:${first}`])).id;
    const before = one(await ws.json(["create", "Before", "--deps", `blocks:${first}`])).id;
    const child = one(await ws.json(["create", "Child", "--ephemeral", "--parent", issue])).id;

    expect(await rowsOf(waits)).toMatchObject({
      dependencies: [],
      "wisp dependencies": [String(issue), String(first)].toSorted().map((depends_on_id) => ({ depends_on_id })),
    });
    expect(await rowsOf(first)).toMatchObject({ "wisp dependencies": [{ depends_on_id: before }] });
    expect(child).toBe(`${issue}.1`);
    expect(await rowsOf(child)).toMatchObject({ issues: [], "wisp dependencies": [{ depends_on_id: issue }] });
  });

  test("takes no number where the project numbers its issues; a chosen id stays, and -f makes several", async () => {
    const numbered = await testWorkspace({ prefix: "num" });
    await numbered.bd(["config", "set", "issue_id_mode", "counter"]);
    expect(one(await numbered.json(["create", "One"])).id).toBe("num-1");
    expect(one(await numbered.json(["create", "Wisp", "--ephemeral"])).id).toMatch(/^num-wisp-/);
    expect(one(await numbered.json(["create", "Two"])).id).toBe("num-2");
    expect(one(await numbered.json(["create", "Own", "--ephemeral", "--id", "num-own"])).id).toBe("num-own");
    const all = await numbered.json(["create", "-f", "-", "--ephemeral"], { stdin: "## A\n\n## B\n" });
    expect(all).toMatchObject([{ ephemeral: true }, { ephemeral: true }]);
    expect(await numbered.sql("SELECT id FROM issues ORDER BY id")).toEqual([{ id: "num-1" }, { id: "num-2" }]);
  });
});

describe("bd update --ephemeral and --persistent", () => {
  async function makeFull(): Promise<string> {
    const target = one(await ws.json(["create", "Target"])).id;
    const id = one(await ws.json(["create", "Full", "-l", "x,y", "--deps", target])).id;
    await ws.json(["comment", id, "said"]);
    const waiting = one(await ws.json(["create", "Waiting", "--deps", id])).id;
    await ws.json(["update", id, "-p", "1", "--set-metadata", "k=v"]);
    expect(one(await ws.json(["show", waiting])).dependencies).toMatchObject([{ id }]);
    return id;
  }
  const moved = (rows: Record<string, unknown>) =>
    Object.fromEntries(TABLES.map((table) => [table, [rows[table], rows[`wisp ${table}`]].flat()]));

  test("move an issue with all that hangs on it, there and back, each row once", async () => {
    const id = await makeFull();
    const before = await rowsOf(id);
    const shown = one(await ws.json(["show", id]));
    expect(one(await ws.json(["update", id, "--ephemeral"]))).toMatchObject({
      id,
      ephemeral: true,
      labels: ["x", "y"],
    });
    const between = await rowsOf(id);
    expect(TABLES.map((table) => between[table])).toEqual(TABLES.map(() => []));
    const [lastEvent] = await ws.sql("SELECT new_value FROM wisp_events WHERE issue_id = ? ORDER BY id DESC LIMIT 1", [
      id,
    ]);
    expect(lastEvent?.["new_value"]).toContain('"ephemeral":true');
    expect(one(await ws.json(["show", id]))).toMatchObject({
      dependencies: shown.dependencies,
      dependents: shown.dependents,
      comments: shown.comments,
    });

    const commits = await commitsMadeBy(ws, async () => {
      const back = one(await ws.json(["update", id, "--persistent", "--title", "Kept"]));
      expect(back).toMatchObject({ id, title: "Kept", labels: ["x", "y"] });
      expect(back).not.toHaveProperty("ephemeral");
    });
    expect(commits).toMatchObject([{ message: `bd: update ${id}` }]);
    const after = await rowsOf(id);
    expect(TABLES.map((table) => after[`wisp ${table}`])).toEqual(TABLES.map(() => []));
    const { issues: _issues, events, ...parts } = moved(after);
    const { issues: _before, events: eventsBefore, ...partsBefore } = moved(before);
    expect(parts).toEqual(partsBefore);
    expect(events).toEqual(expect.arrayContaining(eventsBefore ?? []));
  });

  test("change nothing where it is so already, and contradict each other", async () => {
    const id = one(await ws.json(["create", "Same"])).id;
    const wisp = one(await ws.json(["create", "Same", "--ephemeral"])).id;
    const before = await ws.sql("SELECT dolt_hashof_db() AS hash");
    await ws.json(["update", id, "--persistent"]);
    await ws.json(["update", wisp, "--ephemeral"]);
    expect(await ws.sql("SELECT dolt_hashof_db() AS hash")).toEqual(before);
    await expectRefused(ws, ["update", id, "--ephemeral", "--persistent"], {
      exit: 2,
      code: "CONTRADICTING_FLAGS",
      message: "--ephemeral and --persistent contradict each other; give one of them",
    });
  });

  test("several at once, and both kinds", async () => {
    const ids = [one(await ws.json(["create", "A"])).id, one(await ws.json(["create", "B", "--ephemeral"])).id];
    expect(await ws.json(["update", ...ids, "--ephemeral", "-p", "0"])).toMatchObject(
      ids.map((id) => ({ id, ephemeral: true, priority: 0 })),
    );
    expect(await ws.sql("SELECT id FROM issues WHERE id IN (?, ?)", ids)).toEqual([]);
  });

  test("an issue does not come back by undo beside the wisp that it is", async () => {
    const id = one(await ws.json(["create", "Once"])).id;
    await ws.json(["update", id, "--ephemeral"]);
    await expectRefused(ws, ["undo"], {
      exit: 6,
      code: "UNDO_CHANGED_SINCE",
      message: expect.stringContaining(`somebody changed since ${id} (wisps)`),
      hint: `bd update --persistent ${id}`,
    });
  });
});
