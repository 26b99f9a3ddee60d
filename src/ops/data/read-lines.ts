import { LineSplitter, type StreamLine } from "../../core/jsonl/line-splitter.ts";
import { isOneIssue } from "../../core/jsonl/match-lines.ts";
import { type LineIssue, parseLine } from "../../core/jsonl/parse-line.ts";
import { interrupted } from "../../errors.ts";
import type { BaseContext } from "../context.ts";

/** A line that can't be imported. */
export interface RejectedLine {
  /** Counts from 1. */
  readonly line: number;
  readonly reason: string;
}

/** An issue with the size of its line in characters. */
export interface SizedIssue extends LineIssue {
  readonly size: number;
}

/** A whole file, read and checked. */
export interface ReadLines {
  /** Lines that hold something. */
  readonly count: number;
  /** Each issue once, in the order of the file. */
  readonly issues: readonly SizedIssue[];
  readonly memories: ReadonlyMap<string, string>;
  readonly tombstones: number;
  /** Lines whose issue stands in the file once more, in a version that is not older. */
  readonly superseded: number;
  readonly rejected: readonly RejectedLine[];
  /** Fields that nothing here can hold. */
  readonly ignoredFields: readonly string[];
}

const LINES_PER_REPORT = 1000;

/**
 * Reads and checks a stream of JSONL. It keeps all of it: a transaction may need it twice, and a stream comes once.
 * Throws BdError interrupted.
 */
export async function readLines(
  bytes: AsyncIterable<Uint8Array>,
  { signal, progress }: Pick<BaseContext, "signal" | "progress">,
): Promise<ReadLines> {
  const splitter = new LineSplitter();
  const collected = new Collected();
  const take = (line: StreamLine) => {
    collected.take(line);
    if (line.number % LINES_PER_REPORT === 0) progress({ task: "reading lines", done: line.number });
  };
  for await (const chunk of bytes) {
    if (signal.aborted) throw interrupted("interrupted; nothing was written");
    for (const line of splitter.push(chunk)) take(line);
  }
  for (const line of splitter.end()) take(line);
  return collected.result();
}

class Collected {
  #count = 0;
  #tombstones = 0;
  #superseded = 0;
  readonly #issues = new Map<string, SizedIssue[]>();
  readonly #memories = new Map<string, string>();
  readonly #rejected: RejectedLine[] = [];
  readonly #ignoredFields = new Set<string>();

  take({ number, text, problem }: StreamLine): void {
    const parsed = problem === undefined ? parseLine(text) : { kind: "bad" as const, reason: problem };
    if (parsed.kind === "blank") return;
    this.#count += 1;
    switch (parsed.kind) {
      case "bad":
        this.#rejected.push({ line: number, reason: parsed.reason });
        return;
      case "tombstone":
        this.#tombstones += 1;
        return;
      case "memory":
        this.#memories.set(parsed.key, parsed.value);
        return;
      case "issue":
        for (const name of parsed.ignoredFields) this.#ignoredFields.add(name);
        this.#add({ ...parsed.issue, size: text.length });
    }
  }

  /** Of two lines about one issue the newer counts, and of equally old ones the later. Two issues of one id are two. */
  #add(issue: SizedIssue): void {
    const { id, updated_at: time } = issue.fields;
    const own = this.#issues.get(id) ?? [];
    this.#issues.set(id, own);
    const at = own.findIndex(({ fields }) => isOneIssue(fields, issue.fields));
    const before = own[at];
    if (before === undefined) return void own.push(issue);
    this.#superseded += 1;
    const beforeTime = before.fields.updated_at;
    if (time === undefined || beforeTime === undefined || time >= beforeTime) own[at] = issue;
  }

  result(): ReadLines {
    return {
      count: this.#count,
      issues: [...this.#issues.values()].flat(),
      memories: this.#memories,
      tombstones: this.#tombstones,
      superseded: this.#superseded,
      rejected: this.#rejected,
      ignoredFields: [...this.#ignoredFields].toSorted(),
    };
  }
}
