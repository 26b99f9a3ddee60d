import { IMPORTED } from "../event-row.ts";
import { compareTexts, type Row } from "./cell.ts";
import { type Level, readLevel } from "./moved-id.ts";
import { type Snapshot, textOf } from "./snapshot.ts";

/** The three versions of a merge. What both sides went on from comes first. */
export const VERSIONS = ["base", "ours", "theirs"] as const;
export type Version = (typeof VERSIONS)[number];

/** What one version knows of an issue that tells it from all others. */
export interface Appearance {
  readonly version: Version;
  readonly id: string;
  readonly wanted: string;
  readonly level: Level;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly title: string;
  /** Whether the time of creation was made up by an import from a file without it. */
  readonly isDateless: boolean;
  /** Ids of the events of its creation; of these, those that its making itself wrote. */
  readonly created: ReadonlySet<string>;
  readonly fresh: ReadonlySet<string>;
}

/** One issue as the versions have it, each at most once. */
export type SameIssue = Readonly<Partial<Record<Version, Appearance>>>;

/** All issues of one version. Their events must be there with them. */
export function appearancesIn(version: Version, snapshot: Snapshot): Appearance[] {
  const created = new Map<string, Row[]>();
  for (const event of snapshot.get("events")?.values() ?? []) {
    if (event["event_type"] !== "created") continue;
    const issueId = textOf(event, "issue_id");
    created.set(issueId, [...(created.get(issueId) ?? []), event]);
  }
  return [...(snapshot.get("issues")?.values() ?? [])].map((row) =>
    appearance(version, row, created.get(textOf(row, "id")) ?? []),
  );
}

function appearance(version: Version, row: Row, created: readonly Row[]): Appearance {
  const [id, createdBy, createdAt] = [
    textOf(row, "id"),
    textOf(row, "created_by"),
    secondsOf(textOf(row, "created_at")),
  ];
  const fresh = created.filter((event) => isOfTheMaking(event, { createdBy, createdAt }));
  const freshIds = fresh.map((event) => textOf(event, "id")).toSorted();
  return {
    version,
    id,
    ...readLevel({ id, createdBy, createdAt, ext: freshIds[0] ?? "" }),
    createdBy,
    createdAt,
    title: textOf(row, "title"),
    isDateless: createdBy === "" || secondsBetween(textOf(row, "updated_at"), createdAt) > 1,
    created: new Set(created.map((event) => textOf(event, "id"))),
    fresh: new Set(freshIds),
  };
}

/** An import writes an event of its own, which may come within the second where the file is that new. */
function isOfTheMaking(event: Row, { createdBy, createdAt }: Pick<Appearance, "createdBy" | "createdAt">): boolean {
  const actor = textOf(event, "actor");
  if (textOf(event, "comment") === IMPORTED || (actor !== "" && actor !== createdBy)) return false;
  return isSameSecond(textOf(event, "created_at"), createdAt);
}

function secondsOf(time: string): string {
  return time.slice(0, 19);
}

/** How much later `after` is than `before`, in seconds; 0 where one is no time. */
function secondsBetween(before: string, after: string): number {
  const apart = Date.parse(`${secondsOf(after)}Z`) - Date.parse(`${secondsOf(before)}Z`);
  return Number.isNaN(apart) ? 0 : apart / 1000;
}

/** Programs cut or round fractions of a second, so that one instant may be stored as either of two. */
export function isSameSecond(a: string, b: string): boolean {
  return a === b || Math.abs(secondsBetween(a, b)) <= 1;
}

/** The times that count as one with it, as a DATETIME column gives them. */
export function secondsAround(time: string): string[] {
  const at = Date.parse(`${time.replace(" ", "T")}Z`);
  if (Number.isNaN(at)) return [time];
  return [-1000, 0, 1000].map((apart) => new Date(at + apart).toISOString().slice(0, 19).replace("T", " "));
}

/**
 * Which issues of the versions are one. An issue is who made it and when; its id may be given to another one, and its
 * title is edited. The rules, the strongest first:
 *
 * 1. creator and second of creation agree, and they share an event of their creation, under whatever ids;
 * 2. they share such an event, and somebody corrected the creator or the time; not where each has one of its own second:
 *    then another program put the rows of two issues together;
 * 3. creator and second agree, they want the same id, and nothing says that each was made by itself: both have events of
 *    that second, and none in common;
 * 4. creator and title agree, they want the same id, and the time of one was made up by an import;
 * 5. what both sides went on from has one of them, under the same id and of the same second, and no event contradicts:
 *    somebody corrected the creator.
 *
 * Nothing here prefers a side: swapping ours and theirs finds the same.
 */
export function sameIssues(appearances: readonly Appearance[]): SameIssue[] {
  const groups = new Groups(appearances);
  const pairs = candidatePairs(appearances);
  for (const isSame of [shareBirth, shareCreation, wantSameId, areImported, isCorrected]) {
    for (const [a, b] of pairs) if (isSame(groups.of(a), groups.of(b), [a, b])) groups.join(a, b);
  }
  return groups.all();
}

type Members = readonly Appearance[];
type Pair = readonly [Appearance, Appearance];

/** Pairs of different versions that may be one, those of the very same second first, then those under one id. */
function candidatePairs(appearances: readonly Appearance[]): Pair[] {
  const pairs: Pair[] = [];
  const buckets = Map.groupBy(
    appearances.flatMap((one) => bucketNames(one).map((name) => ({ name, one }))),
    ({ name }) => name,
  );
  const seen = new Set<string>();
  for (const members of buckets.values()) {
    for (const { one: a } of members) {
      for (const { one: b } of members) {
        if (VERSIONS.indexOf(a.version) >= VERSIONS.indexOf(b.version)) continue;
        const name = `${a.version}\0${a.id}\0${b.version}\0${b.id}`;
        if (seen.has(name)) continue;
        seen.add(name);
        pairs.push([a, b]);
      }
    }
  }
  return pairs.toSorted(comparePairs);
}

/** Rows that may be one have at least one of these in common. */
function bucketNames({ id, wanted, created }: Appearance): string[] {
  return [`id ${id}`, `wanted ${wanted}`, ...[...created].map((event) => `event ${event}`)];
}

function comparePairs(one: Pair, other: Pair): number {
  for (const column of ["createdAt", "id"] as const) {
    const differs = ([a, b]: Pair) => Number(a[column] !== b[column]);
    if (differs(one) !== differs(other)) return differs(one) - differs(other);
  }
  const [here, there] = [one, other].map((pair) => pair.map(({ id }) => id).toSorted());
  return compareTexts(here?.[0], there?.[0]) || compareTexts(here?.[1], there?.[1]);
}

/** Whether creator and second of creation agree. */
export function isSameBirth(
  a: Pick<Appearance, "createdBy" | "createdAt">,
  b: Pick<Appearance, "createdBy" | "createdAt">,
): boolean {
  return a.createdBy === b.createdBy && isSameSecond(a.createdAt, b.createdAt);
}

function shareBirth(_a: Members, _b: Members, pair: Pair): boolean {
  return isSameBirth(...pair) && intersects(pair[0].created, pair[1].created);
}

function shareCreation(a: Members, b: Members, [one, other]: Pair): boolean {
  return intersects(one.created, other.created) && !wereMadeApart(a, b);
}

function wantSameId(a: Members, b: Members, pair: Pair): boolean {
  const [one, other] = pair;
  if (one.wanted !== other.wanted || !isSameBirth(one, other)) return false;
  // Only imports read times with fractions: of one that was made here every copy has the very second.
  if (freshOf(a).size + freshOf(b).size > 0 && one.createdAt !== other.createdAt) return false;
  return !wereMadeApart(a, b);
}

/** Whether each has an event of its second of creation, and they have none in common. */
function wereMadeApart(a: Members, b: Members): boolean {
  const [here, there] = [freshOf(a), freshOf(b)];
  return here.size > 0 && there.size > 0 && !intersects(here, there);
}

function areImported(a: Members, b: Members, [one, other]: Pair): boolean {
  if (one.wanted !== other.wanted || one.createdBy !== other.createdBy) return false;
  return (one.isDateless || other.isDateless) && intersects(titlesOf(a), titlesOf(b));
}

function isCorrected(_a: Members, _b: Members, [one, other]: Pair): boolean {
  if (one.version !== "base" || one.id !== other.id || !isSameSecond(one.createdAt, other.createdAt)) return false;
  return one.created.size === 0 || other.created.size === 0;
}

function freshOf(members: Members): Set<string> {
  return new Set(members.flatMap(({ fresh }) => [...fresh]));
}

function titlesOf(members: Members): Set<string> {
  return new Set(members.map(({ title }) => title));
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((one) => b.has(one));
}

/** Sets of rows that are one issue; never two rows of one version. */
class Groups {
  readonly #groups: Map<Appearance, Members>;

  constructor(appearances: Iterable<Appearance>) {
    this.#groups = new Map([...appearances].map((one) => [one, [one]]));
  }

  of(one: Appearance): Members {
    return this.#groups.get(one) ?? [];
  }

  join(a: Appearance, b: Appearance): void {
    const [here, there] = [this.of(a), this.of(b)];
    if (here === there) return;
    const versions = new Set(here.map(({ version }) => version));
    if (there.some(({ version }) => versions.has(version))) return;
    const joined = [...here, ...there];
    for (const one of joined) this.#groups.set(one, joined);
  }

  all(): SameIssue[] {
    return [...new Set(this.#groups.values())].map((members) =>
      Object.fromEntries(members.map((one) => [one.version, one])),
    );
  }
}
