import { expect, onTestFinished, test } from "vitest";
import { violations } from "../core/merge/histories/check-ledger.ts";
import { HistoryOfChanges } from "../core/merge/histories/history.ts";
import { Random } from "../core/merge/histories/random.ts";
import { testWorkspace } from "../support/workspace.ts";
import { BranchClone } from "./branch-clone.ts";

/** A short run by default; `BEADS_SERVER_HISTORIES` and `BEADS_HISTORIES_SEED` choose others. */
const COUNT = Number(process.env["BEADS_SERVER_HISTORIES"] ?? "3");
const FIRST = Number(process.env["BEADS_HISTORIES_SEED"] ?? "1");
const STEPS = 24;
const ROUNDS = 6;

test(`${COUNT} histories of clones on a real server, from seed ${FIRST} on, lose nothing and come to rest in equal tables`, {
  timeout: 600_000,
}, async () => {
  const workspace = await testWorkspace({ prefix: "h", login: "root" });
  // Ids of the histories are longer than those of uuids.
  for (const table of ["events", "interactions"]) {
    await workspace.sql(`ALTER TABLE ${table} MODIFY id VARCHAR(64) NOT NULL`);
  }
  await workspace.sql("CALL DOLT_COMMIT('-Am', 'room for ids')");
  const [root] = await workspace.sql("SELECT DOLT_HASHOF('HEAD') AS hash");
  const found: string[] = [];
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const said = await runHistory(seed, {
      port: workspace.port,
      database: workspace.database,
      from: String(root?.["hash"]),
    });
    found.push(...said.map((sentence) => `seed ${seed}: ${sentence}`));
  }
  expect(found).toEqual([]);
});

async function runHistory(seed: number, place: { port: number; database: string; from: string }): Promise<string[]> {
  const random = new Random(seed);
  const history = new HistoryOfChanges(random, { deletions: true, renames: seed % 3 === 0 });
  const clones: BranchClone[] = [];
  for (const actor of ["ann", "bob", "carl"])
    clones.push(await BranchClone.make({ ...place, actor, branch: `s${seed}-${actor}` }));
  onTestFinished(async () => void (await Promise.all(clones.map((clone) => clone.close()))));
  for (let step = 0; step < STEPS; step++) {
    const [clone, other] = random.shuffled(clones);
    if (clone === undefined || other === undefined) continue;
    if (random.chance(0.7)) await history.step(clone);
    else if (random.chance(0.5)) await clone.pull(await other.tip());
    else {
      const [here, there] = [await clone.tip(), await other.tip()];
      await clone.pull(there);
      await other.pull(here);
    }
  }
  const rests = await settle(clones, random);
  const [first, ...others] = clones;
  if (first === undefined) return ["no clones"];
  const differing = await Promise.all(
    others.map(
      async (one) =>
        (await first.rows("SELECT to_table_name FROM DOLT_DIFF_SUMMARY(?, ?)", [await first.tip(), await one.tip()]))
          .length,
    ),
  );
  return [
    ...(rests ? [] : ["never comes to rest"]),
    ...(differing.every((count) => count === 0) ? [] : ["the tables differ"]),
    ...violations(first.snapshot, history.ledger),
  ];
}

async function settle(clones: readonly BranchClone[], random: Random): Promise<boolean> {
  const pairs = clones.flatMap((one) => clones.filter((other) => other !== one).map((other) => [one, other] as const));
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (const [one, other] of random.shuffled(pairs)) moved = (await one.pull(await other.tip())) || moved;
    if (!moved) return true;
  }
  return false;
}
