import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { commitChanges } from "../support/commit-changes.ts";
import { type Fault, startFaultProxy } from "../support/fault-proxy.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "la" });
  await workspace.json(["create", "Shared", "--id", "la-shared"]);
});
afterAll(() => workspace.remove());

const LANDED = /^the connection was lost while committing; the change had landed \(commit [0-9a-v]{8}\)$/m;
const NOT_LANDED = /^the connection was lost while committing; the change had not landed$/m;

test.for<[string, Fault["cut"], RegExp]>([
  ["landed", "before-answer", LANDED],
  ["had not landed", "before-forwarding", NOT_LANDED],
])(
  "a command whose connection is cut at the commit says that it %s, and makes the change once",
  async ([, cut, said]) => {
    for (const { actor, args } of [
      { actor: `create-${cut}`, args: ["create", "New", "-l", "one", "--deps", "blocks:la-shared"] },
      { actor: `update-${cut}`, args: ["update", "la-shared", "--append-notes", `by ${cut}`] },
      { actor: `comment-${cut}`, args: ["comment", "la-shared", `by ${cut}`] },
    ]) {
      const proxy = await startFaultProxy({
        targetPort: workspace.port,
        fault: { whenClientSends: "DOLT_COMMIT", cut },
      });
      onTestFinished(() => proxy.close());

      const result = await workspace.bd([...args, "--actor", actor], {
        env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) },
      });

      expect(proxy.cuts()).toBe(1);
      expect({ actor, code: result.code, stderr: result.stderr }).toEqual({
        actor,
        code: 0,
        stderr: expect.stringMatching(said),
      });
      expect((await commitChanges(workspace)).filter(({ committer }) => committer === actor)).toHaveLength(1);
    }
    expect(await workspace.sql("SELECT COUNT(*) AS n FROM issues WHERE created_by = ?", [`create-${cut}`])).toEqual([
      { n: 1 },
    ]);
    expect(await workspace.sql("SELECT COUNT(*) AS n FROM comments WHERE author = ?", [`comment-${cut}`])).toEqual([
      { n: 1 },
    ]);
    const [shared] = await workspace.sql("SELECT notes FROM issues WHERE id = 'la-shared'");
    expect(String(shared?.["notes"]).split(`by ${cut}`)).toHaveLength(2);
  },
);

test.for<[string, Fault["cut"], string]>([
  ["landed", "before-answer", "had landed"],
  ["had not landed", "before-forwarding", "had not landed"],
])("so does one that changes wisps alone, which %s", async ([, cut, outcome]) => {
  const wisp = {
    id: `la-wisp-${cut}`,
    title: "Wisp",
    status: "open",
    priority: 2,
    issue_type: "task",
    ephemeral: true,
  };
  await workspace.json(["import", "-"], { stdin: JSON.stringify(wisp) });
  for (const args of [
    ["update", wisp.id, "--append-notes", "said"],
    ["comment", wisp.id, "said"],
    ["label", "add", wisp.id, "said"],
    ["close", wisp.id],
  ]) {
    const proxy = await startFaultProxy({ targetPort: workspace.port, fault: { whenClientSends: "DOLT_COMMIT", cut } });
    onTestFinished(() => proxy.close());

    const result = await workspace.bd(args, { env: { BEADS_DOLT_SERVER_PORT: String(proxy.port) } });

    expect({ args, code: result.code, stderr: result.stderr }).toEqual({
      args,
      code: 0,
      stderr: `the connection was lost while committing; the change ${outcome}\n`,
    });
  }
  expect(await workspace.sql("SELECT notes, status FROM wisps WHERE id = ?", [wisp.id])).toEqual([
    { notes: "said", status: "closed" },
  ]);
  expect(await workspace.sql("SELECT text FROM wisp_comments WHERE issue_id = ?", [wisp.id])).toEqual([
    { text: "said" },
  ]);
  expect(
    await workspace.sql("SELECT event_type FROM wisp_events WHERE issue_id = ? ORDER BY event_type", [wisp.id]),
  ).toEqual([
    { event_type: "closed" },
    { event_type: "created" },
    { event_type: "label_added" },
    { event_type: "updated" },
  ]);
  expect(await workspace.sql("SELECT `key` FROM local_metadata WHERE `key` LIKE 'bd.operation.%'")).toEqual([]);
});
