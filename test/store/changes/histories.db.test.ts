import { expect, onTestFinished, test } from "vitest";
import { CHANGE_STEPS } from "../../../src/core/changes/change-event.ts";
import { HistoryOfChanges } from "../../core/merge/histories/history.ts";
import { Random } from "../../core/merge/histories/random.ts";
import { BranchClone } from "../../federation/branch-clone.ts";
import { type Publisher, publishers } from "../../support/publishers.ts";
import { testWorkspace } from "../../support/workspace.ts";
import { CheckedHistory } from "./checked-history.ts";
import { RealHistory } from "./real-history.ts";
import { WorkspaceChanges } from "./workspace-changes.ts";

/** A short run by default; `BEADS_CHANGES_STEPS` and `BEADS_CHANGES_SEED` choose others. */
const STEPS = Number(process.env["BEADS_CHANGES_STEPS"] ?? "60");
const SEED = Number(process.env["BEADS_CHANGES_SEED"] ?? "1");
const PAIRS = 10;

async function checkedHistory({ workspace }: Publisher): Promise<CheckedHistory> {
  const changes = new WorkspaceChanges(workspace);
  onTestFinished(() => changes.close());
  return new CheckedHistory(changes, await changes.parents());
}

/** Expects it of each commit of the first-parent line, and between others. */
async function expectAllLead(history: CheckedHistory, random: Random): Promise<void> {
  await history.expectLineLeads();
  for (let pair = 0; pair < PAIRS; pair++) {
    const { from, to } = history.anyPair(random);
    await history.expectLeads(from, to);
    await history.expectLeads(to, from);
    await history.expectFollowed(random, { from, to });
  }
}

test(`between any two commits that commands, files, SQL and pulls made, the events lead from the one state to the other (seed ${SEED})`, {
  timeout: 600_000,
}, async () => {
  const random = new Random(SEED);
  const people = await publishers(["ann", "bob"], { prefix: "rh" });
  const history = new RealHistory(people, random);
  const first = await (await checkedHistory(await history.begin())).expectLineLeads();
  const types = new Set<string>(first.map(({ type }) => type));
  expect(CHANGE_STEPS.flat().filter((type) => !types.has(type))).toEqual([]);

  for (let step = 0; step < STEPS; step++) await history.step(step < STEPS * 0.7 ? "exchange" : "alone");
  expect(Math.min(...Object.values(history.done))).toBeGreaterThan(0);
  const [ann, bob] = [await checkedHistory(people[0]), await checkedHistory(people[1])];
  await expectAllLead(ann, random);
  await expectAllLead(bob, random);
  for (let pair = 0; pair < PAIRS; pair++) {
    const { from, to } = ann.anyPair(random, bob);
    expect(JSON.stringify(await bob.expectLeads(from, to))).toBe(JSON.stringify(await ann.expectLeads(from, to)));
  }
});

test(`between any two commits of clones whose issues want one id and are renamed, the events lead from the one state to the other (seed ${SEED})`, {
  timeout: 600_000,
}, async () => {
  const random = new Random(SEED);
  const workspace = await testWorkspace({ prefix: "hc", login: "root" });
  // Ids of the histories are longer than those of uuids.
  for (const table of ["events", "interactions"]) {
    await workspace.sql(`ALTER TABLE ${table} MODIFY id VARCHAR(64) NOT NULL`);
  }
  await workspace.sql("CALL DOLT_COMMIT('-Am', 'room for ids')");
  const changes = new WorkspaceChanges(workspace);
  onTestFinished(() => changes.close());
  const history = new HistoryOfChanges(random, { deletions: true, renames: true });
  const place = { port: workspace.port, database: workspace.database, from: await changes.head() };
  const clones: BranchClone[] = [];
  for (const actor of ["ann", "bob", "carl"]) clones.push(await BranchClone.make({ ...place, actor, branch: actor }));
  onTestFinished(async () => void (await Promise.all(clones.map((clone) => clone.close()))));
  for (let step = 0; step < STEPS; step++) {
    const [clone, other] = random.shuffled(clones);
    if (clone === undefined || other === undefined) continue;
    if (random.chance(0.75)) await history.step(clone);
    else await clone.pull(await other.tip());
  }

  for (const clone of clones) {
    await expectAllLead(new CheckedHistory(changes, await changes.parents(await clone.tip())), random);
  }
});
