import { compareIssue, type ImportStep } from "../../core/jsonl/compare-issue.ts";
import type { MovedLine } from "../../core/jsonl/match-lines.ts";
import { MEMORY_PREFIX } from "../../core/jsonl/parse-line.ts";
import type { KeptIssue } from "../../store/queries/import-facts.ts";
import type { ProjectConfig } from "../../store/queries/project-config.ts";
import type { EventSource } from "../../store/queries/write-events.ts";
import { type FamilyNames, ISSUES, WISPS } from "../../store/queries/write-issues.ts";
import type { ReadLines, SizedIssue } from "./read-lines.ts";

export interface ImportPlan {
  readonly lines: ReadLines;
  readonly source: Omit<EventSource, "at">;
  readonly forceOlder: boolean;
  /** Leave out new issues whose title an open issue has. */
  readonly dedup: boolean;
  readonly progress: (done: number) => void;
}

/** What became of the lines. */
export interface ImportOutcome {
  readonly config: ProjectConfig;
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: number;
  /** Lines that something newer goes before: a later line of the same issue, or what is in the database. */
  readonly stale: number;
  /** Of those, the ones with something newer in the database. */
  readonly newerHere: number;
  readonly sameTitle: number;
  /** Memories that are new or changed. */
  readonly memories: number;
  readonly keptEdges: Changed["keptEdges"];
  /** The lines by the ids that their issues have here. */
  readonly issues: readonly SizedIssue[];
  /** Lines whose id another issue has here. */
  readonly moved: readonly MovedLine[];
}

/** What the lines come to. */
export interface ImportGround {
  readonly config: ProjectConfig;
  /** Titles of open issues; only with `dedup`. */
  readonly openTitles: ReadonlySet<string>;
  /** Wire time of the import. */
  readonly at: string;
}

type Changed = Extract<ImportStep, { kind: "new" | "changed" }>;

export interface PlannedIssue extends Changed {
  readonly family: FamilyNames;
}

/** Counts what becomes of the lines. */
export class ImportTally {
  readonly #plan: ImportPlan;
  readonly #takenCommentIds = new Set<string>();
  readonly #created: string[] = [];
  readonly #updated: string[] = [];
  readonly #keptEdges: Changed["keptEdges"][number][] = [];
  readonly #config: ProjectConfig;
  readonly #openTitles: ReadonlySet<string>;
  readonly #at: string;
  #unchanged = 0;
  #newerHere = 0;
  #sameTitle = 0;
  done = 0;

  constructor(plan: ImportPlan, { config, openTitles, at }: ImportGround) {
    this.#plan = plan;
    this.#config = config;
    this.#openTitles = openTitles;
    this.#at = at;
  }

  /** What is to be written of a batch. */
  take(batch: readonly SizedIssue[], kept: ReadonlyMap<string, KeptIssue>, taken: readonly string[]): PlannedIssue[] {
    for (const id of taken) this.#takenCommentIds.add(id);
    this.done += batch.length;
    return batch.flatMap((line) => this.#step(line, kept.get(line.fields.id)));
  }

  #step(line: SizedIssue, kept: KeptIssue | undefined): PlannedIssue[] {
    const { source, forceOlder } = this.#plan;
    const { newId } = source;
    if (kept === undefined && this.#openTitles.has(line.fields.title)) {
      this.#sameTitle += 1;
      return [];
    }
    const step = compareIssue(line, kept, { now: this.#at, newId, takenCommentIds: this.#takenCommentIds, forceOlder });
    switch (step.kind) {
      case "stale":
        this.#newerHere += 1;
        return [];
      case "same":
        this.#unchanged += 1;
        return [];
      case "new":
      case "changed":
        (step.kind === "new" ? this.#created : this.#updated).push(step.issue.id);
        this.#keptEdges.push(...step.keptEdges);
        return [{ ...step, family: familyOf(step, kept) }];
    }
  }

  newMemories(memories: ReadonlyMap<string, string>): (readonly [string, string])[] {
    return [...memories]
      .map(([key, value]) => [`${MEMORY_PREFIX}${key}`, value] as const)
      .filter(([key, value]) => this.#config.entries.get(key) !== value);
  }

  outcome(memories: number): Omit<ImportOutcome, "issues" | "moved"> {
    return {
      config: this.#config,
      created: this.#created,
      updated: this.#updated,
      unchanged: this.#unchanged,
      stale: this.#plan.lines.superseded + this.#newerHere,
      newerHere: this.#newerHere,
      sameTitle: this.#sameTitle,
      memories,
      keptEdges: this.#keptEdges,
    };
  }
}

/** What exists stays where it is; new issues without a history go to the wisps. */
function familyOf({ issue }: Changed, kept: KeptIssue | undefined): FamilyNames {
  const isWisp = kept === undefined ? issue.ephemeral === true || issue.no_history === true : kept.family === "wisps";
  return isWisp ? WISPS : ISSUES;
}
