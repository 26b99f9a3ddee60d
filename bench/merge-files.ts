// Measures the merge driver on files of so many lines with so many changes on each side, beside reading the three files
// with JSON.parse, in turns.
//   node bench/merge-files.ts [--issues 10000] [--changes 200] [--runs 15]
import { parseArgs } from "node:util";
import { mergeFiles } from "../src/core/jsonl-merge/merge-files.ts";
import { median } from "./measure.ts";

const { values } = parseArgs({
  options: {
    issues: { type: "string", default: "10000" },
    changes: { type: "string", default: "200" },
    runs: { type: "string", default: "15" },
  },
});
const issues = Number(values.issues);
const changes = Number(values.changes);
const runs = Number(values.runs);

function line(n: number, change: string): string {
  const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, "0")}:00Z`;
  const words = "the login page fails when the session of the day before is still there ".repeat(3 + (n % 5));
  return JSON.stringify({
    id: `shop-${(n * 7919).toString(36)}`,
    title: `Issue ${n} ${change}`,
    description: words,
    status: n % 3 === 0 ? "closed" : "open",
    priority: n % 5,
    issue_type: "task",
    created_at: at(n % 50),
    created_by: "ann",
    updated_at: at(change === "" ? n % 50 : 55),
    labels: n % 4 === 0 ? ["area:web", "size:s"] : undefined,
    dependencies:
      n % 6 === 5
        ? [
            {
              issue_id: `shop-${(n * 7919).toString(36)}`,
              depends_on_id: `shop-${((n - 1) * 7919).toString(36)}`,
              type: "blocks",
              created_at: at(1),
              created_by: "ann",
            },
          ]
        : undefined,
    comments:
      n % 10 === 0 ? [{ id: `c-${n}`, author: "bob", text: "Seen again today.", created_at: at(3) }] : undefined,
  });
}

/** The same issues; some of them changed, every so many from `first` on. */
function file(first: number, word: string): string {
  const step = Math.floor(issues / changes);
  return Array.from({ length: issues }, (_, n) => `${line(n, word !== "" && n % step === first ? word : "")}\n`).join(
    "",
  );
}

const texts = { base: file(0, ""), ours: file(0, "ours"), theirs: file(1, "theirs") };
const timed = (work: () => void): number => {
  const began = performance.now();
  work();
  return performance.now() - began;
};
const times = { merge: [] as number[], parse: [] as number[] };
for (let run = 0; run <= runs; run += 1) {
  // New strings each time: what was compared once is remembered.
  const [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map((text) => Buffer.from(text).toString());
  const parse = timed(() => {
    for (const text of [base, ours, theirs]) for (const one of text?.split("\n") ?? []) if (one !== "") JSON.parse(one);
  });
  const merge = timed(() => mergeFiles({ base: base ?? "", ours: ours ?? "", theirs: theirs ?? "" }, 7));
  if (run > 0) {
    times.parse.push(parse);
    times.merge.push(merge);
  }
}
const [merge, parse] = [median(times.merge), median(times.parse)];
console.log(
  `${issues} lines, ${changes} changes a side: merge ${merge.toFixed(0)} ms, JSON.parse ${parse.toFixed(0)} ms, ratio ${(merge / parse).toFixed(2)}`,
);
