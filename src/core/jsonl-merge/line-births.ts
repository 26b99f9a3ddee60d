import type { Row } from "../merge/cell.ts";
import { VERSIONS, type Version } from "../merge/same-issue.ts";
import { type IssueLine, textIn, timeIn } from "./file-line.ts";

export type Lines3 = Readonly<Record<Version, readonly IssueLine[]>>;

/**
 * Lines hold no events, by which a merge of databases follows an issue that somebody renamed. What was made by one person
 * in one second, once in the base and at most once on each side, is one issue under whatever ids; where several were made
 * in that second, the part of the id behind the prefix tells them apart. By version, events that say so.
 */
export function creationsOf(lines: Lines3): Record<Version, Row[]> {
  const creations: Record<Version, Row[]> = { base: [], ours: [], theirs: [] };
  const followed = new Set<string>();
  for (const nameOf of [birthOf, birthWithTail]) {
    const counted = {
      base: counts(lines.base, nameOf),
      ours: counts(lines.ours, nameOf),
      theirs: counts(lines.theirs, nameOf),
    };
    for (const version of VERSIONS) {
      for (const line of lines[version]) {
        const name = nameOf(line);
        const isOne = VERSIONS.every((one) => (counted[one].get(name) ?? 0) <= 1) && counted.base.get(name) === 1;
        const place = `${version}\0${line.id}`;
        if (name === "" || !isOne || followed.has(place)) continue;
        followed.add(place);
        creations[version].push(creation(line, name));
      }
    }
  }
  return creations;
}

function counts(lines: readonly IssueLine[], nameOf: (line: IssueLine) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of lines) found.set(nameOf(line), (found.get(nameOf(line)) ?? 0) + 1);
  return found;
}

function birthOf({ birth }: IssueLine): string {
  return birth;
}

function birthWithTail({ birth, id }: IssueLine): string {
  return birth === "" ? "" : JSON.stringify([birth, id.slice(id.lastIndexOf("-") + 1)]);
}

function creation({ id, members }: IssueLine, name: string): Row {
  const [actor, at] = [textIn(members, "created_by"), timeIn(members, "created_at")];
  return { id: name, event_type: "created", issue_id: id, actor, created_at: at };
}
