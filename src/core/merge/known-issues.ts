import { type Claim, claimIds } from "./assign-ids.ts";
import { compareTexts, type Row, type Sides } from "./cell.ts";
import { type Birth, idAtLevel, type Level } from "./moved-id.ts";
import { type Appearance, appearancesIn, type SameIssue, sameIssues, VERSIONS, type Version } from "./same-issue.ts";
import { keyText, type Snapshot, textOf } from "./snapshot.ts";

/** An issue of a merge, whatever its ids: in which versions it is, whether it lives on, and under which id. */
export interface KnownIssue {
  /** Names the issue in rows while ids are open; no id looks like it. */
  readonly token: string;
  readonly in: SameIssue;
  readonly birth: Birth;
  readonly lives: boolean;
  /** The id that it has in the end; of a dead one the last that it had. */
  readonly id: string;
}

/** Our table of deleted issues, where the database has it. Insert-only: all columns are the key. */
export const TOMBSTONES = "bd_deleted_issues";
export const TOMBSTONE_COLUMNS = ["wanted_id", "created_by", "created_at", "ext", "moved"] as const;

export interface Versions3 {
  readonly base: Snapshot;
  readonly ours: Snapshot;
  readonly theirs: Snapshot;
}

export interface KnownIssues {
  readonly issues: readonly KnownIssue[];
  /** Rows for the table of deleted issues that it does not hold yet; none where there is no such table. */
  readonly tombstones: readonly Row[];
}

/**
 * Finds out which rows of the versions are one issue, which issues live, and which ids they get.
 *
 * An issue that is on both sides lives. One that is on one side alone lives if both had not started from it: the other
 * side has deleted it, and a deletion stands, whatever was done to the issue meanwhile. Were it otherwise, the result
 * would depend on the order in which people hear of each other.
 */
export function knownIssues(versions: Versions3): KnownIssues {
  const found = sameIssues(VERSIONS.flatMap((version) => appearancesIn(version, versions[version]))).map(describe);
  const living = found.filter(({ lives }) => lives);
  const stones = versions.ours.has(TOMBSTONES) || versions.theirs.has(TOMBSTONES);
  const dead = stones ? deadIssues(versions, found) : [];
  const claims = [...living.map(({ claim }) => claim), ...dead];
  const levels = claimIds(claims);
  const issues = found.map(({ same, claim, lives }) => {
    const last = [same.ours?.id, same.theirs?.id].flatMap((id) => id ?? []).toSorted()[0] ?? same.base?.id ?? "";
    const id = lives ? idAtLevel(claim.birth, levels.get(claim) ?? 0) : last;
    return { in: same, birth: claim.birth, lives, id };
  });
  return { issues: withTokens(issues), tombstones: stones ? newTombstones(versions, dead, levels) : [] };
}

/** Tokens stand in cells, and the larger cell may win: so their order must not tell which side is ours. */
function withTokens(issues: readonly Omit<KnownIssue, "token">[]): KnownIssue[] {
  const name = ({ birth, id }: Omit<KnownIssue, "token">) => `${birthName(birth)} ${id}`;
  const sorted = issues.toSorted((a, b) => compareTexts(name(a), name(b)));
  return sorted.map((issue, index) => ({ ...issue, token: `\0${String(index).padStart(9, "0")}` }));
}

interface Described {
  readonly same: SameIssue;
  readonly claim: Claim;
  readonly lives: boolean;
}

function describe(same: SameIssue): Described {
  const rows = VERSIONS.flatMap((version) => same[version] ?? []);
  const birth = {
    wanted: wantedOf(same),
    createdBy: rows.map(({ createdBy }) => createdBy).toSorted(compareTexts)[0] ?? "",
    createdAt: rows.map(({ createdAt }) => createdAt).toSorted(compareTexts)[0] ?? "",
    ext: rows.flatMap(({ fresh }) => [...fresh]).toSorted()[0] ?? "",
  };
  const lives = same.ours === undefined || same.theirs === undefined ? same.base === undefined : true;
  const sides = [same.ours, same.theirs].flatMap((one) => one ?? []);
  const reached = Math.max(...(sides.length > 0 ? sides : rows).map(({ level }) => level));
  return { same, lives, claim: { birth, reached, isAlive: lives, ids: idsOf(same) } };
}

function idsOf({ ours, theirs }: SameIssue): Partial<Sides<string>> {
  return { ...(ours && { ours: ours.id }), ...(theirs && { theirs: theirs.id }) };
}

/** The wanted id changes where somebody renames an issue. Both did: the smaller. */
function wantedOf({ base, ours, theirs }: SameIssue): string {
  if (ours === undefined || theirs === undefined) return (ours ?? theirs ?? base)?.wanted ?? "";
  if (ours.wanted === theirs.wanted || theirs.wanted === base?.wanted) return ours.wanted;
  if (ours.wanted === base?.wanted) return theirs.wanted;
  return ours.wanted < theirs.wanted ? ours.wanted : theirs.wanted;
}

/** What the tables of both sides say of deleted issues, and those that this merge finds deleted. */
function deadIssues(versions: Versions3, found: readonly Described[]): Claim[] {
  const claims = new Map<string, { birth: Birth; levels: Partial<Record<Version, Level>> }>();
  const add = (birth: Birth, version: Version, level: Level) => {
    const name = birthName(birth);
    const known = claims.get(name) ?? { birth, levels: {} };
    claims.set(name, known);
    known.levels[version] = Math.max(known.levels[version] ?? 0, level);
  };
  for (const version of ["ours", "theirs"] as const) {
    for (const row of versions[version].get(TOMBSTONES)?.values() ?? []) add(...tombstoneOf(row, version));
  }
  for (const { same, claim, lives } of found) {
    if (lives) continue;
    for (const version of ["ours", "theirs"] as const) {
      const row: Appearance | undefined = same[version];
      if (row !== undefined) add(claim.birth, version, row.level);
    }
  }
  const alive = new Set(found.filter(({ lives }) => lives).map(({ claim }) => birthName(claim.birth)));
  return foldUnknown([...claims.values()])
    .filter(({ birth }) => !alive.has(birthName(birth)))
    .map(({ birth, levels: { ours, theirs } }) => ({
      birth,
      reached: Math.max(ours ?? 0, theirs ?? 0),
      isAlive: false,
      ids: {
        ...(ours === undefined ? {} : { ours: idAtLevel(birth, ours) }),
        ...(theirs === undefined ? {} : { theirs: idAtLevel(birth, theirs) }),
      },
    }));
}

type Dead = { readonly birth: Birth; readonly levels: Partial<Record<Version, Level>> };

/** Who deleted an issue may not have known the event of its creation; where another tells it, that is the one. */
function foldUnknown(dead: readonly Dead[]): Dead[] {
  const known = dead.filter(({ birth }) => birth.ext !== "");
  const unknown = dead.filter(
    ({ birth }) => birth.ext === "" && !known.some((one) => birthName({ ...one.birth, ext: "" }) === birthName(birth)),
  );
  return [...known, ...unknown];
}

function birthName({ wanted, createdBy, createdAt, ext }: Birth): string {
  return keyText([wanted, createdBy, createdAt, ext]);
}

function tombstoneOf(row: Row, version: Version): [Birth, Version, Level] {
  const birth = {
    wanted: textOf(row, "wanted_id"),
    createdBy: textOf(row, "created_by"),
    createdAt: textOf(row, "created_at").slice(0, 19),
    ext: textOf(row, "ext"),
  };
  return [birth, version, Number(textOf(row, "moved"))];
}

/** The row that remembers a deleted issue. */
export function tombstoneRow({ wanted, createdBy, createdAt, ext }: Birth, moved: Level): Row {
  return { wanted_id: wanted, created_by: createdBy, created_at: createdAt, ext, moved };
}

function newTombstones(versions: Versions3, dead: readonly Claim[], levels: ReadonlyMap<Claim, Level>): Row[] {
  const rows = dead.map((claim) => tombstoneRow(claim.birth, levels.get(claim) ?? 0));
  const isKnown = (row: Row) => {
    const key = keyText(TOMBSTONE_COLUMNS.map((column) => row[column]));
    return versions.ours.get(TOMBSTONES)?.has(key) === true || versions.theirs.get(TOMBSTONES)?.has(key) === true;
  };
  return rows.filter((row) => !isKnown(row));
}
