import { expect, test } from "vitest";
import { mergeFiles } from "../../../src/core/jsonl-merge/merge-files.ts";
import { Commits } from "../merge/histories/commits.ts";
import { HistoryOfChanges } from "../merge/histories/history.ts";
import { MemoryClone, mergeByIdentity } from "../merge/histories/memory-clone.ts";
import { Random } from "../merge/histories/random.ts";
import { firstTables } from "../merge/histories/tables.ts";
import { type Cells, cellsOf, cellsOfFile, FiledClone, type Made } from "./tables-as-file.ts";

/** Two branches of a file against two clones of a database, in which the same was done. */

const COUNT = Number(process.env["BEADS_HISTORIES"] ?? "200");
const SEED = Number(process.env["BEADS_HISTORIES_SEED"] ?? "1");

interface Outcome {
  readonly base: ReadonlyMap<string, Cells>;
  readonly ours: ReadonlyMap<string, Cells>;
  readonly theirs: ReadonlyMap<string, Cells>;
  readonly byRows: ReadonlyMap<string, Cells>;
  readonly byLines: ReadonlyMap<string, Cells>;
  readonly file: string;
  readonly fileSwapped: string;
}

/** Whether one person made two issues of one id within a second, or of one second: lines have no events to tell them apart. */
function isMistakable(made: readonly Made[]): boolean {
  return made.some((one, n) =>
    made.slice(n + 1).some((other) => {
      const apart = Math.abs(Date.parse(one.now) - Date.parse(other.now));
      return one.by === other.by && (apart === 0 || (one.id === other.id && apart <= 1000));
    }),
  );
}

/** Undefined where a file can't tell what the database knows: issues that are mistaken for one another, or a new issue under a deleted one's id. */
async function branchesOf(seed: number): Promise<Outcome | undefined> {
  const random = new Random(seed);
  const plan = { deletions: random.chance(0.6), renames: random.chance(0.3) };
  const history = new HistoryOfChanges(random, plan);
  const commits = new Commits();
  const root = commits.add([], firstTables({ tombstones: true }), new Map());
  const before = new FiledClone(new MemoryClone("ann", root, commits));
  for (let step = random.below(20); step > 0; step -= 1) await history.step(before);
  const [ann, bob] = ["ann", "bob"].map(
    (actor) => new FiledClone(new MemoryClone(actor, before.clone.tip, commits), before.tombstones),
  );
  if (ann === undefined || bob === undefined) throw new Error("two people");
  for (let step = random.below(24); step > 0; step -= 1) await history.step(random.pick([ann, bob]) ?? ann);
  const files = { base: before.file(), ours: ann.file(), theirs: bob.file() };
  const { base, ours, theirs } = files;
  if (base === undefined || ours === undefined || theirs === undefined) return undefined;
  if (isMistakable([before, ann, bob].flatMap(({ made }) => made))) return undefined;
  const file = mergeFiles({ base, ours, theirs }, 7).text;
  const fileSwapped = mergeFiles({ base, ours: theirs, theirs: ours }, 7).text;
  const cells = { base: cellsOf(before.snapshot), ours: cellsOf(ann.snapshot), theirs: cellsOf(bob.snapshot) };
  await ann.clone.pull(bob.clone.tip, mergeByIdentity);
  return { ...cells, byRows: cellsOf(ann.snapshot), byLines: cellsOfFile(file), file, fileSwapped };
}

/** These decide over one another. */
const JOINT: ReadonlySet<string> = new Set(["status", "closed_at", "close_reason"]);

/** What the file says otherwise than the database, where no cell was changed on both sides, or the later line did not win. */
function differences({ base, ours, theirs, byRows, byLines }: Outcome): string[] {
  const tags = new Set([...byRows.keys(), ...byLines.keys()]);
  return [...tags].flatMap((tag) => {
    const [rows, lines] = [byRows.get(tag), byLines.get(tag)];
    if (rows === undefined || lines === undefined) return [`${tag} is ${rows === undefined ? "back" : "gone"}`];
    const [b, o, t] = [base.get(tag), ours.get(tag), theirs.get(tag)];
    const changed = (side: Cells | undefined, name: string) => side !== undefined && side.get(name) !== b?.get(name);
    const isJoint = (side: Cells | undefined) => [...JOINT].some((name) => changed(side, name));
    return [...new Set([...rows.keys(), ...lines.keys()])].flatMap((name) => {
      const [row, line] = [rows.get(name), lines.get(name)];
      const isContested = JOINT.has(name) ? isJoint(o) && isJoint(t) : changed(o, name) && changed(t, name);
      if (!isContested) return row === line ? [] : [`${tag}.${name}: ${line} instead of ${row}`];
      const [mine, other] = [o?.get("updated_at") ?? "", t?.get("updated_at") ?? ""];
      if (JOINT.has(name) || name === "updated_at" || mine === other) return [];
      const later = (mine > other ? o : t)?.get(name);
      return line === later ? [] : [`${tag}.${name}: ${line} instead of the later ${later}`];
    });
  });
}

test(`files merge as databases do (${COUNT} from seed ${SEED}), the same from both sides`, async () => {
  const found = new Map<string, readonly string[]>();
  let compared = 0;
  for (let seed = SEED; seed < SEED + COUNT; seed += 1) {
    const outcome = await branchesOf(seed);
    if (outcome === undefined) continue;
    compared += 1;
    const wrong = differences(outcome);
    if (outcome.file !== outcome.fileSwapped) wrong.push("the sides differ");
    if (wrong.length > 0) found.set(`seed ${seed}`, wrong);
  }
  expect(Object.fromEntries(found)).toEqual({});
  expect(compared).toBeGreaterThan(COUNT / 3);
}, 600_000);
