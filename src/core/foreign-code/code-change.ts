/** What in a database runs by itself, or makes other statements do something else. */
export type CodeKind =
  | "trigger"
  | "procedure"
  | "event"
  | "view"
  | "column" // one that computes, or one of the tracker's that became another
  | "constraint" // a check, or a foreign key
  | "index" // one that refuses rows
  | "table" // one of the tracker's, or of Dolt's own
  | "ignore" // whether Dolt keeps tables of the tracker out of commits
  | "query" // one that Dolt keeps to be run by name
  | "test" // the same, as a test
  | "schema"; // what Dolt keeps beside views, triggers and events, whatever that is

export interface CodeObject {
  readonly kind: CodeKind;
  /** `evil`; with its table where there may be one of that name in each: `issues.title`. */
  readonly name: string;
  /** Its text, as the database gives it. */
  readonly definition: string;
}

export interface CodeChange extends CodeObject {
  /** Of something removed, `definition` is what it was. */
  readonly change: "added" | "changed" | "removed";
}

/** What `--accept` takes: `trigger:evil`. */
export function codeKey({ kind, name }: Pick<CodeObject, "kind" | "name">): string {
  return `${kind}:${name}`;
}

/** By `codeKey`. */
export type CodeObjects = ReadonlyMap<string, CodeObject>;

export function byKey(objects: readonly CodeObject[]): CodeObjects {
  return new Map(objects.map((one) => [codeKey(one), one]));
}

/** What one side has that the other does not have so. What it lacks counts where `removals` says so. */
export function changedCode(
  from: CodeObjects,
  to: CodeObjects,
  removals: (object: CodeObject) => boolean = () => false,
): CodeChange[] {
  const come = [...to].flatMap(([key, object]): CodeChange[] => {
    const before = from.get(key);
    if (before?.definition === object.definition) return [];
    return [{ ...object, change: before === undefined ? "added" : "changed" }];
  });
  const gone = [...from].flatMap(([key, object]): CodeChange[] =>
    to.has(key) || !removals(object) ? [] : [{ ...object, change: "removed" }],
  );
  return [...come, ...gone];
}

/**
 * What a merge would bring in: what differs from ours, unless the other side has it from where both parted, where the
 * difference is a change of ours.
 */
export function incomingCode(fromOurs: readonly CodeChange[], fromBase: readonly CodeChange[]): CodeChange[] {
  const theirs = new Set(fromBase.map(codeKey));
  return fromOurs.filter((change) => theirs.has(codeKey(change)));
}
