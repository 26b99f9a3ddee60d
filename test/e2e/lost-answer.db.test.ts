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
