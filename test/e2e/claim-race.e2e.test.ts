import { afterAll, beforeAll, expect, test } from "vitest";
import { claimRacers } from "../support/claim-racers.ts";
import { commitChanges } from "../support/commit-changes.ts";
import { inLanes } from "../support/in-lanes.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "cr" });
});
afterAll(() => workspace.remove());

async function importIssues(ids: readonly string[]): Promise<void> {
  const lines = ids.map((id) => JSON.stringify({ id, title: id, status: "open", priority: 2, issue_type: "task" }));
  await workspace.json(["import", "-"], { stdin: lines.join("\n") });
}

test("64 times `ready --claim` by 16 processes at once take 64 ready issues, none of them twice", async () => {
  const ids = Array.from({ length: 64 }, (_, n) => `cr-r${n}`);
  await importIssues(ids);

  const claimed = await inLanes(
    16,
    ids.map((_, n) => () => workspace.spawn(["ready", "--claim", "--json", "--actor", `agent${n}`]).done),
  );

  expect(claimed.flatMap(({ stdout }) => JSON.parse(stdout))).toHaveLength(64);
  const commits = (await commitChanges(workspace)).filter(({ committer }) => committer.startsWith("agent"));
  expect(commits).toHaveLength(64);
  expect(new Set(commits.map(({ committer }) => committer)).size).toBe(64);
  expect(commits.map(({ message }) => message.replace("bd: claim ", "")).toSorted()).toEqual(ids.toSorted());
  expect(
    await workspace.sql(
      "SELECT COUNT(*) AS n FROM issues AS OF 'HEAD' WHERE status = 'in_progress' AND assignee <> ''",
    ),
  ).toEqual([{ n: 64 }]);
  expect(await workspace.json(["ready", "--claim"])).toEqual([]);
});

test("24 sessions of one name at once take 24 issues that are assigned to it or to nobody, none of them twice", async () => {
  const ids = Array.from({ length: 24 }, (_, n) => `cr-m${n}`);
  await importIssues(ids);
  await workspace.json(["update", ...ids.slice(0, 12), "-a", "same"]);

  const claimed = await inLanes(
    8,
    ids.map(
      (_, n) => () => workspace.spawn(["ready", "--claim", "--json", "--actor", "same", "--session", `m${n}`]).done,
    ),
  );

  const given = claimed.flatMap(({ stdout }) => JSON.parse(stdout)).map((issue: { id: string }) => issue.id);
  expect(given.toSorted()).toEqual(ids.toSorted());
});

test("of 8 sessions, one wins what another gives back at the same time, 20 times", async () => {
  await importIssues(["cr-z"]);
  const racers = claimRacers(workspace, { count: 8, actor: "same" });

  for (let round = 0; round < 20; round += 1) {
    await workspace.json(["update", "cr-z", "--steal", "--actor", "owner", "--session", "o"]);
    const release = workspace.json(["update", "cr-z", "--release", "--actor", "owner", "--session", "o"]);
    const outcomes = await Promise.all(racers.map((claim) => claim("cr-z")));
    await release;
    const wins = outcomes.filter((outcome) => outcome === "won").length;
    expect(wins).toBeLessThanOrEqual(1);
    const [issue] = await workspace.sql("SELECT status, assignee FROM issues WHERE id = 'cr-z'");
    expect(issue).toEqual(
      wins === 1 ? { status: "in_progress", assignee: "same" } : { status: "open", assignee: null },
    );
  }
});

test("of 8 processes under one name that claim an issue at once, one wins, 5 times", async () => {
  const ids = Array.from({ length: 5 }, (_, n) => `cr-x${n}`);
  await importIssues(ids);

  for (const id of ids) {
    const claim = () => workspace.spawn(["update", id, "--claim", "--actor", "same"]).done;
    const results = await Promise.all(Array.from({ length: 8 }, claim));

    expect(results.filter(({ code }) => code === 0)).toHaveLength(1);
    const refusals = results.filter(({ code }) => code === 6).map(({ stderr }) => stderr);
    expect(refusals).toHaveLength(7);
    for (const refusal of refusals) expect(refusal).toMatch(/same/);
  }
});

test("of 8 sessions under one name that claim an issue at once, one wins, 100 times", async () => {
  const ids = Array.from({ length: 100 }, (_, n) => `cr-y${n}`);
  await importIssues(ids);
  const racers = claimRacers(workspace, { count: 8, actor: "same" });

  const winners: number[] = [];
  for (const id of ids) {
    const outcomes = await Promise.all(racers.map((claim) => claim(id)));
    expect(outcomes.filter((outcome) => outcome !== "ALREADY_CLAIMED")).toEqual(["won"]);
    winners.push(outcomes.indexOf("won"));
  }

  const commits = (await commitChanges(workspace)).filter(({ message }) => message.startsWith("bd: claim cr-y"));
  expect(commits.map(({ message }) => message).toSorted()).toEqual(ids.map((id) => `bd: claim ${id}`).toSorted());
  expect(new Set(winners).size).toBeGreaterThan(1);
});
