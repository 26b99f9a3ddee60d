import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordsIn } from "../support/payload.ts";
import { plantIssues } from "../support/planted-issues.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

const PAST = "2020-01-01 00:00:00";
const AHEAD = "2099-01-01 00:00:00";

let workspace: TestWorkspace;

async function readyIds(): Promise<string[]> {
  return recordsIn(await workspace.json(["ready", "--limit", "0"]))
    .map(({ id }) => String(id))
    .toSorted();
}

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "rest" });
});

afterAll(() => workspace.remove());

describe("work that was put off", () => {
  beforeAll(async () => {
    await plantIssues(
      workspace,
      [
        { id: "rest-some-day", status: "deferred" },
        { id: "rest-later", status: "deferred", defer_until: AHEAD },
        { id: "rest-over", status: "deferred", defer_until: PAST },
        { id: "rest-waits", status: "deferred", defer_until: PAST },
        { id: "rest-open", status: "open", defer_until: PAST },
      ],
      ["rest-waits blocks rest-some-day"],
    );
  });

  test("is ready once its time has come, whatever nobody did about its status, and looks like it", async () => {
    expect(await readyIds()).toEqual(["rest-open", "rest-over"]);
    const { stdout } = await workspace.bd(["list"]);
    const marks = Object.fromEntries(stdout.split("\n").map((line) => line.split(" ").slice(0, 2).toReversed()));
    expect(marks).toMatchObject({
      "rest-some-day": "❄",
      "rest-later": "❄",
      "rest-over": "○",
      "rest-waits": "●",
      "rest-open": "○",
    });
  });

  test("can be claimed then, and waits for no time any more; before that it can't", async () => {
    for (const id of ["rest-some-day", "rest-later"]) {
      expect(await workspace.bd(["update", id, "--claim"])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("not claimable: status deferred"),
      });
    }
    const [claimed] = recordsIn(await workspace.json(["update", "rest-over", "--claim"]));
    expect(claimed).toMatchObject({ status: "in_progress" });
    expect(claimed).not.toHaveProperty("defer_until");
    expect(await readyIds()).toEqual(["rest-open"]);
  });

  test("is given to whoever asks for the next, also where what rests is shown", async () => {
    await plantIssues(workspace, [{ id: "rest-next", status: "deferred", defer_until: PAST, priority: 0 }]);
    expect(await workspace.json(["ready", "--claim", "--session", "s1"])).toMatchObject([
      { id: "rest-next", status: "in_progress" },
    ]);
    expect(await workspace.json(["ready", "--claim", "--include-deferred", "--session", "s2"])).toMatchObject([
      { id: "rest-open" },
    ]);
    expect((await workspace.bd(["ready", "--claim", "--session", "s3"])).stdout).toContain("1 blocked, 2 deferred");
  });

  test("for some day forgets a time that has come", async () => {
    await plantIssues(workspace, [{ id: "rest-again", status: "deferred", defer_until: PAST }]);
    expect(await readyIds()).toContain("rest-again");
    await workspace.json(["defer", "rest-again"]);
    expect(await readyIds()).not.toContain("rest-again");
  });
});

test.each([
  ["defer rest-past --until yesterday", "yesterday"],
  ["update rest-past --defer 2020-01-01", "2020-01-01"],
  ["create Past --defer -1d", "-1d"],
])("%s: a time that is over is said", async (line, words) => {
  await plantIssues(workspace, [{ id: "rest-past" }]).catch(() => undefined);
  expect(await workspace.bd(line.split(" "))).toMatchObject({
    code: 0,
    stderr: `"${words}" is in the past: nothing is put off\n`,
  });
});
