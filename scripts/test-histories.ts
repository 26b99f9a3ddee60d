// `npm run test:histories`: many random histories of several clones, in memory, and which parts of the rules of merging
// they never came to. BEADS_HISTORIES says how many, BEADS_HISTORIES_SEED with which seed they begin. The last line is
// `N passed, N failed, N skipped`: one check for the histories, and one for each file of the rules.
import { mergeByIdentity } from "../test/core/merge/histories/memory-clone.ts";
import { type MissedBlock, missedBlocks } from "../test/core/merge/histories/rule-coverage.ts";
import { runHistory } from "../test/core/merge/histories/run-history.ts";
import { type Tally, tallied } from "../test/core/merge/histories/tally.ts";

const RULES = [
  "core/merge/moved-id",
  "core/merge/same-issue",
  "core/merge/assign-ids",
  "core/merge/known-issues",
  "core/merge/merge-snapshots",
  "core/merge/merge-versions",
  "federation/merge/common-base",
];

/** What no history comes to, by the beginning of the block, and why. */
const EXCEPTIONS: readonly (readonly [beginning: string, why: string])[] = [
  ["??", "a default for a value that is always there; the compiler does not know"],
  ["? 0 : apart / 1000", "a time that is none: tested by same-issue.test.ts"],
  ["||", "claims that agree in all but their ids: tested by assign-ids.test.ts"],
  ['? "both" :', "rare: an issue that had to move and is found to be a second older; tested by merge-versions.test.ts"],
  ["throw new BdError(", "two projects: tested by merge-versions.test.ts"],
  ["return [];", "tables without a key: tested by merge-snapshots.test.ts"],
  ["return new Map();", "no common commit, which a pull refuses before: tested by common-base.test.ts"],
];

const count = Number(process.env.BEADS_HISTORIES ?? "20000");
const seed = Number(process.env.BEADS_HISTORIES_SEED ?? "0");
const start = performance.now();
let tally: Tally = { counts: new Map(), violations: new Map() };
const missed = await missedBlocks(
  RULES.map((name) => new URL(`../src/${name}.ts`, import.meta.url)),
  async () => {
    const seeds = Array.from({ length: count }, (_, index) => seed + index);
    tally = await tallied(seeds, (one) => runHistory(one, mergeByIdentity));
  },
);

for (const [what, number] of tally.counts) console.log(`${String(number).padStart(9)}  ${what}`);
console.log(`${String(tally.violations.size).padStart(9)}  kinds of violations`);
for (const [kind, seeds] of tally.violations) {
  console.log(`${String(seeds.length).padStart(9)}  ${kind} (seeds ${seeds.slice(0, 5).join(", ")})`);
}
const whyMissed = ({ text }: MissedBlock) => EXCEPTIONS.find(([beginning]) => text.startsWith(beginning))?.[1];
for (const block of missed) {
  console.log(`never ran: ${block.file}:${block.line}  ${block.text} (${whyMissed(block) ?? "no reason is known"})`);
}
const unexplained = missed.filter((block) => whyMissed(block) === undefined);
const uncovered = new Set(unexplained.map(({ file }) => file)).size;
const failed = uncovered + Number(tally.violations.size > 0);
console.log(`${count} histories from seed ${seed} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
console.log(`${RULES.length + 1 - failed} passed, ${failed} failed, 0 skipped`);
if (failed > 0) process.exitCode = 1;
