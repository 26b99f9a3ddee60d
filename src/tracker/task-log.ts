import { readTask, type Task } from "./task.ts";

/** An entry of the stream: outbox, history and event at once. */
export interface Change {
  /** Its id in the stream. */
  readonly entry: string;
  readonly seq: number;
  /** `found`: somebody wrote the task past the stream. */
  readonly kind: "created" | "updated" | "deleted" | "purged" | "found";
  readonly id: string;
  readonly op: string;
  /** Who made it: `web`, `mirror`, or what the caller says. */
  readonly source: string;
  readonly before: Task | undefined;
  /** Undefined where it was purged. */
  readonly after: Task | undefined;
  /** Names of the fields that differ. */
  readonly fields: readonly string[];
}

const BESIDE: ReadonlySet<string> = new Set(["updatedAt", "lastOp"]);

/** The answer to XRANGE, over TCP or REST. What is no entry of ours is left out. */
export function readEntries(answer: unknown): Change[] {
  return (Array.isArray(answer) ? answer : []).flatMap((one): Change[] => {
    const [entry, flat] = Array.isArray(one) ? one : [];
    if (typeof entry !== "string" || !Array.isArray(flat)) return [];
    const said = new Map<string, string>();
    for (let at = 0; at + 1 < flat.length; at += 2) said.set(String(flat[at]), String(flat[at + 1]));
    const kind = kindOf(said.get("kind"));
    if (kind === undefined) return [];
    const [before, after] = [readTask(said.get("before")), readTask(said.get("after"))];
    const { id = "", op = "", source = "" } = Object.fromEntries(said);
    return [
      {
        entry,
        seq: Number(said.get("seq")),
        kind,
        id,
        op,
        source,
        before,
        after,
        fields: differingFields(before, after),
      },
    ];
  });
}

function kindOf(text: string | undefined): Change["kind"] | undefined {
  return (["created", "updated", "deleted", "purged", "found"] as const).find((kind) => kind === text);
}

/** The names of fields in which two tasks say something else, but for what each change sets. */
export function differingFields(before: Task | undefined, after: Task | undefined): string[] {
  const [old, now] = [new Map(Object.entries(before ?? {})), new Map(Object.entries(after ?? {}))];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter(
    (name) => !BESIDE.has(name) && JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name)),
  );
}
