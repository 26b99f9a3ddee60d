import * as z from "zod/mini";
import type { DeadLetter } from "../../tracker/mirror-group.ts";
import { natural } from "../wire/formats.ts";
import type { MirrorPlan, TaskWrite } from "./plan-mirror.ts";
import type { PastRules, WrittenIssues } from "./write-issues.ts";

/** What was brought over. */
export interface MirrorCounts {
  readonly issuesCreated: number;
  readonly issuesChanged: number;
  readonly issuesDeleted: number;
  readonly tasksCreated: number;
  readonly tasksChanged: number;
  readonly dead: readonly DeadLetter[];
  readonly pastRules: readonly PastRules[];
}

/** Adds up what a mirror does. */
export class Tally {
  #counts: MirrorCounts = NONE;

  get counts(): MirrorCounts {
    return this.#counts;
  }

  get isEmpty(): boolean {
    return this.#counts === NONE;
  }

  /** Changes on both sides. */
  get total(): number {
    const { issuesCreated, issuesChanged, issuesDeleted, tasksCreated, tasksChanged } = this.#counts;
    return issuesCreated + issuesChanged + issuesDeleted + tasksCreated + tasksChanged;
  }

  /** For people. */
  get line(): string {
    return mirroredLine(this.#counts);
  }

  add({
    plan,
    created,
    pastRules,
    left,
  }: WrittenIssues & { readonly plan: MirrorPlan; readonly left: readonly TaskWrite[] }): void {
    const written = plan.tasks.filter((write) => !left.includes(write));
    const { changed, deleted } = plan.facts;
    if (changed.length + deleted.length + created.size + written.length + plan.dead.length === 0) return;
    this.#counts = sumOf(this.#counts, {
      issuesCreated: created.size,
      issuesChanged: changed.length,
      issuesDeleted: deleted.length,
      tasksCreated: written.filter(({ before }) => before === undefined).length,
      tasksChanged: written.filter(({ before }) => before !== undefined).length,
      dead: plan.dead,
      pastRules,
    });
  }
}

function sumOf(one: MirrorCounts, other: MirrorCounts): MirrorCounts {
  return {
    issuesCreated: one.issuesCreated + other.issuesCreated,
    issuesChanged: one.issuesChanged + other.issuesChanged,
    issuesDeleted: one.issuesDeleted + other.issuesDeleted,
    tasksCreated: one.tasksCreated + other.tasksCreated,
    tasksChanged: one.tasksChanged + other.tasksChanged,
    dead: [...one.dead, ...other.dead].slice(-MOST_SAID),
    pastRules: [...one.pastRules, ...other.pastRules].slice(-MOST_SAID),
  };
}

/** `issues: 2 new, 1 changed; tasks: 3 changed`, or that there was nothing. */
export function mirroredLine(counts: MirrorCounts): string {
  const { issuesCreated, issuesChanged, issuesDeleted, tasksCreated, tasksChanged, dead } = counts;
  const issues = said([issuesCreated, "new"], [issuesChanged, "changed"], [issuesDeleted, "deleted"]);
  const tasks = said([tasksCreated, "new"], [tasksChanged, "changed"]);
  const parts = [
    ...(issues === "" ? [] : [`issues: ${issues}`]),
    ...(tasks === "" ? [] : [`tasks: ${tasks}`]),
    ...(dead.length === 0 ? [] : [`left alone: ${dead.length}`]),
  ];
  return parts.length === 0 ? "tasks and issues are the same" : parts.join("; ");
}

function said(...counts: readonly (readonly [number, string])[]): string {
  return counts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(", ");
}

/** A mirror may run for months. */
const MOST_SAID = 1000;

const NONE: MirrorCounts = {
  issuesCreated: 0,
  issuesChanged: 0,
  issuesDeleted: 0,
  tasksCreated: 0,
  tasksChanged: 0,
  dead: [],
  pastRules: [],
};

export function countsOf(counts: MirrorCounts) {
  return {
    issues_created: counts.issuesCreated,
    issues_changed: counts.issuesChanged,
    issues_deleted: counts.issuesDeleted,
    tasks_created: counts.tasksCreated,
    tasks_changed: counts.tasksChanged,
    dead_letters: counts.dead,
    past_rules: counts.pastRules,
  };
}

export const countsSchema = () => ({
  issues_created: natural(),
  issues_changed: natural(),
  issues_deleted: natural(),
  tasks_created: natural(),
  tasks_changed: natural(),
  dead_letters: z.array(z.looseObject({ id: z.string(), at: z.string(), why: z.string() })),
  past_rules: z.array(
    z.looseObject({ id: z.string(), why: z.string().check(z.describe("Why a person would have been refused.")) }),
  ),
});
