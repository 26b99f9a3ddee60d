import { command } from "../../errors.ts";
import { type Appearance, isSameBirth, isSameSecond } from "../merge/same-issue.ts";
import type { Finding, PastIssue } from "./finding.ts";

/** An event of a creation. Times are as a DATETIME column gives them. */
export interface Creation {
  readonly id: string;
  readonly issueId: string;
  readonly actor: string;
  readonly at: string;
}

/** An event of a creation that stands with an issue and does not tell of that issue's creation. */
export interface StrayCreation {
  readonly event: Creation;
  readonly issue: Appearance;
}

/**
 * Most of these are no fault: an import writes an event of the day of the import, and creators get corrected. Whether one
 * tells of another issue's creation, the history knows; see `mixedIssues`.
 */
export function strayCreations(issues: readonly Appearance[], events: readonly Creation[]): StrayCreation[] {
  const byIssue = Map.groupBy(events, ({ issueId }) => issueId);
  return issues.flatMap((issue) => {
    const own = byIssue.get(issue.id) ?? [];
    const hasItsOwn = own.some((event) => isSameBirth(birthIn(event), issue));
    return own.filter((event) => isStray(event, issue, hasItsOwn)).map((event) => ({ event, issue }));
  });
}

/** Without an event of its own an issue counts as corrected, unless both creator and time are other ones. */
function isStray(event: Creation, issue: Appearance, hasItsOwn: boolean): boolean {
  if (hasItsOwn) return !isSameBirth(birthIn(event), issue);
  return event.actor !== issue.createdBy && !isSameSecond(event.at, issue.createdAt);
}

/** The creation that an event tells of, where it tells of one and not of an import. */
export function birthIn({ actor, at }: Pick<Creation, "actor" | "at">): Pick<Appearance, "createdBy" | "createdAt"> {
  return { createdBy: actor, createdAt: at };
}

/**
 * The issues that have the event of another one's creation. `originOf` gives the issue that the history had an event
 * with when it was written. An event that is older than its issue says nothing by itself: clocks run ahead, and files
 * have times of tomorrow.
 */
export function mixedIssues(
  strays: readonly StrayCreation[],
  issues: readonly Appearance[],
  originOf: (event: Creation) => PastIssue | undefined,
): Finding[] {
  const byIssue = Map.groupBy(strays, ({ issue }) => issue);
  return [...byIssue].flatMap(([issue, own]): Finding[] => {
    const wrong = own.filter(({ event }) => originOf(event) !== undefined);
    if (wrong.length === 0) return [];
    const known = wrong.flatMap(({ event }) => originOf(event) ?? []);
    const others = wrong.map(({ event }) => `${event.actor || "nobody"} at ${event.at}`);
    return [
      {
        kind: "mixed",
        items: [issue.id],
        message: `${issue.id} "${issue.title}" was made by ${issue.createdBy || "nobody"} at ${issue.createdAt}, and has the event of another creation: by ${others.join(", ")}`,
        known,
        next: nextFor(issue, known, issues),
      },
    ];
  });
}

/** Where the other issue is lost, the way to get it back; see `wereMadeApart` for when it is told from this one. */
function nextFor(issue: Appearance, known: readonly PastIssue[], issues: readonly Appearance[]): Finding["next"] {
  const livesAs = (past: PastIssue) => issues.find((one) => isSameBirth(one, past))?.id;
  const lost = known.find((past) => livesAs(past) === undefined);
  if (lost !== undefined && issue.fresh.size > 0) return command`bd restore --from=${lost.commit} ${lost.id}`;
  return command`bd show ${[issue.id, ...known.flatMap((past) => livesAs(past) ?? [])]}`;
}

/**
 * Issues that are there twice: the same creator, second, and title or wanted id, and only one event of a creation
 * between them. Of two that somebody made in one second, each has its own.
 */
export function doubledIssues(issues: readonly Appearance[]): Finding[] {
  const bySecond = Map.groupBy(issues, ({ createdBy, createdAt }) => `${createdBy}\0${createdAt}`);
  return [...bySecond.values()].flatMap((same) =>
    same.flatMap((one, index) =>
      same.slice(index + 1).flatMap((other) => (areOne(one, other) ? [doubled(one, other)] : [])),
    ),
  );
}

function areOne(one: Appearance, other: Appearance): boolean {
  const [some, others] = [one.created.size, other.created.size];
  if (some > 0 && others > 0) return false;
  return one.wanted === other.wanted || (one.title === other.title && some + others > 0);
}

function doubled(one: Appearance, other: Appearance): Finding {
  const ids = [one.id, other.id].toSorted();
  return {
    kind: "doubled",
    items: ids,
    message: `${ids.join(" and ")} are one issue twice: both made by ${one.createdBy || "nobody"} at ${one.createdAt}, "${one.title}"${one.title === other.title ? "" : ` and "${other.title}"`}`,
    known: [],
    next: command`bd show ${ids}`,
  };
}
