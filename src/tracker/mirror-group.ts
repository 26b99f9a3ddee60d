import { fieldsIn } from "./hash-fields.ts";
import { type Change, readEntries } from "./task-log.ts";
import type { Tracker } from "./tracker.ts";
import { TrackerError } from "./tracker-error.ts";

/** Entries of the stream that a mirror has to bring over. */
export interface Taken {
  /** Ids of all entries, readable or not: for `done`. */
  readonly entries: readonly string[];
  readonly changes: readonly Change[];
  /** Whether the stream no longer has entries that nobody brought over. */
  readonly hasGap: boolean;
}

/** A task that could not be brought over, and why. */
export interface DeadLetter {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly why: string;
}

/** How far a group of mirrors is. */
export interface GroupState {
  /** The last entry that some mirror has taken; `0-0` for none. */
  readonly delivered: string;
  /** Entries that were taken, and not brought over yet. */
  readonly pending: number;
  /** The project that this mirror was set up for; "" for all. */
  readonly project: string;
}

/** What a mirror that joins says. */
interface Joining {
  /** "" for all tasks. */
  readonly project: string;
  /** What happens to issues after that one it will know. */
  readonly commit: string;
  /** For the group, where it has none yet. */
  readonly mark: string;
}

/** Whoever has taken entries and says nothing for so long is dead, and another mirror takes them over. */
const DEAD_MS = 60_000;
const CURSOR = "cursor:";
const MEMBER = "member:";
const COMPARED = "compared:";
const MARK = "mark";
const DEAD = "dead:";
const SEQ = "seq";

/**
 * Mirrors of one tracker, as a consumer group of the store's stream: each entry goes to one of them, and stays theirs until it
 * was brought over. Beside it a hash: how far each has read the tracker, and what could not be brought over.
 */
export class MirrorGroup {
  readonly name: string;
  readonly #consumer: string;
  readonly #tracker: Tracker;
  readonly #hash: string;
  #cursor: string | undefined;
  #mark: string | undefined;
  #isCompared = false;

  /** `consumer` names whoever mirrors to one and the same database. */
  constructor(tracker: Tracker, { name, consumer }: { readonly name: string; readonly consumer: string }) {
    this.name = name;
    this.#consumer = consumer;
    this.#tracker = tracker;
    this.#hash = tracker.keys.mirror(name);
  }

  #send(command: readonly string[]): Promise<unknown> {
    return this.#tracker.connection.send(command);
  }

  /** Undefined where this mirror was not set up, or the store has forgotten it. */
  async state(): Promise<GroupState | undefined> {
    const { log } = this.#tracker.keys;
    const project = await this.#send(["HGET", this.#hash, `${MEMBER}${this.#consumer}`]);
    if (typeof project !== "string" || String(await this.#send(["EXISTS", log])) !== "1") return undefined;
    const answer = await this.#send(["XINFO", "GROUPS", log]);
    for (const group of Array.isArray(answer) ? answer : []) {
      const said = fieldsIn(group);
      if (said["name"] !== this.name) continue;
      return { delivered: said["last-delivered-id"] ?? "0-0", pending: Number(said["pending"] ?? 0), project };
    }
    return undefined;
  }

  /**
   * Lets this mirror in, for the tasks of a project or all of them. A new
   * group begins with the first entry of the stream, and gets a mark.
   */
  async join({ project, commit, mark }: Joining): Promise<void> {
    const { connection, keys } = this.#tracker;
    if (connection.isReadOnly) throw new TrackerError(403, "This store may only be read: its token is for reading");
    await this.#send(["HSETNX", this.#hash, MARK, mark]);
    if ((await this.cursor()) === undefined) await this.moveCursor(commit);
    await this.#send(["HSET", this.#hash, `${MEMBER}${this.#consumer}`, project]);
    await this.#send(["HDEL", this.#hash, `${COMPARED}${this.#consumer}`]);
    if ((await this.state()) !== undefined) return;
    await this.#send(["XGROUP", "CREATE", keys.log, this.name, "0", "MKSTREAM"]);
  }

  /** Tells this group in this store apart from all others. Throws where there is none: nobody has joined. */
  async mark(): Promise<string> {
    this.#mark ??= String((await this.#send(["HGET", this.#hash, MARK])) ?? "");
    if (this.#mark === "") throw new TrackerError(409, "The task store has forgotten its mirrors");
    return this.#mark;
  }

  /** What this mirror has taken before and not brought over, and what dead ones have left. */
  async leftovers(count: number): Promise<Taken> {
    const { log } = this.#tracker.keys;
    await this.#send(["XAUTOCLAIM", log, this.name, this.#consumer, String(DEAD_MS), "0", "COUNT", String(count)]);
    const entries = await this.#read("0", count);
    return { ...split(entries), hasGap: entries.some(([, said]) => said === undefined) };
  }

  /** What nobody has taken yet, behind what this mirror had taken before. */
  async news(count: number, leftovers: readonly Change[] = []): Promise<Taken> {
    const entries = await this.#read(">", count);
    if (entries.length === 0) return { entries: [], changes: [], hasGap: false };
    const taken = split(entries);
    const seqs = taken.changes.map(({ seq }) => seq);
    const said = await this.#send(["HGET", this.#hash, SEQ]);
    await this.#send(["HSET", this.#hash, SEQ, String(seqs.at(-1) ?? 0)]);
    // Who was killed between the two has said less than it took.
    const before = Math.max(Number(said ?? 0), ...leftovers.map(({ seq }) => seq));
    return { ...taken, hasGap: seqs[0] !== before + 1 };
  }

  /** What was not brought over yet, the oldest first: at most `limit`. */
  async waiting(limit: number): Promise<readonly Change[]> {
    const state = await this.state();
    if (state === undefined) return [];
    const { log } = this.#tracker.keys;
    const answer = await this.#send(["XPENDING", log, this.name, "-", "+", String(limit)]);
    const pending = new Set(
      (Array.isArray(answer) ? answer : []).map((one: unknown) => String(Array.isArray(one) ? one[0] : "")),
    );
    const [first, last] = [[...pending][0], [...pending].at(-1)];
    const range = first === undefined || last === undefined ? [] : await this.#send(["XRANGE", log, first, last]);
    const taken = readEntries(range).filter(({ entry }) => pending.has(entry));
    const left = limit - taken.length;
    return left > 0 ? [...taken, ...(await this.#tracker.changesSince(state.delivered, left))] : taken;
  }

  async #read(from: "0" | ">", count: number): Promise<Entry[]> {
    const { log } = this.#tracker.keys;
    const answer = await this.#send(
      [
        ["XREADGROUP", "GROUP", this.name, this.#consumer, "COUNT", String(count)],
        ["STREAMS", log, from],
      ].flat(),
    );
    const [stream] = Array.isArray(answer) ? answer : [];
    const [, entries] = Array.isArray(stream) ? stream : [];
    return (Array.isArray(entries) ? entries : []).map((entry: unknown): Entry => {
      const [id, said] = Array.isArray(entry) ? entry : [];
      return [String(id), Array.isArray(said) ? said : undefined];
    });
  }

  /** They were brought over. */
  async done(entries: readonly string[]): Promise<void> {
    if (entries.length > 0) await this.#send(["XACK", this.#tracker.keys.log, this.name, ...entries]);
  }

  /** The commit up to which this mirror has read its tracker. It is asked for once: an older one than another process has set does no harm. */
  async cursor(): Promise<string | undefined> {
    if (this.#cursor !== undefined) return this.#cursor;
    const found = await this.#send(["HGET", this.#hash, `${CURSOR}${this.#consumer}`]);
    this.#cursor = typeof found === "string" ? found : undefined;
    return this.#cursor;
  }

  /** Whether everything was compared since this mirror was let in. */
  async isCompared(): Promise<boolean> {
    this.#isCompared ||= typeof (await this.#send(["HGET", this.#hash, `${COMPARED}${this.#consumer}`])) === "string";
    return this.#isCompared;
  }

  async setCompared(): Promise<void> {
    await this.#send(["HSET", this.#hash, `${COMPARED}${this.#consumer}`, "yes"]);
    this.#isCompared = true;
  }

  async moveCursor(commit: string): Promise<void> {
    await this.#send(["HSET", this.#hash, `${CURSOR}${this.#consumer}`, commit]);
    this.#cursor = commit;
  }

  async deadLetters(): Promise<DeadLetter[]> {
    const fields = fieldsIn(await this.#send(["HGETALL", this.#hash]));
    const letters = Object.entries(fields).filter(([name]) => name.startsWith(DEAD));
    return letters.map(([name, text]): DeadLetter => {
      const { at, why } = letterIn(text);
      return { id: name.slice(DEAD.length), at, why };
    });
  }

  async bury(letters: readonly DeadLetter[]): Promise<void> {
    const fields = letters.flatMap(({ id, at, why }) => [`${DEAD}${id}`, JSON.stringify({ at, why })]);
    if (fields.length > 0) await this.#send(["HSET", this.#hash, ...fields]);
  }

  /** These were brought over after all. */
  async unbury(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#send(["HDEL", this.#hash, ...ids.map((id) => `${DEAD}${id}`)]);
  }
}

type Entry = readonly [id: string, said: readonly unknown[] | undefined];

function split(entries: readonly Entry[]): Omit<Taken, "hasGap"> {
  return { entries: entries.map(([id]) => id), changes: readEntries(entries) };
}

function letterIn(text: string): { readonly at: string; readonly why: string } {
  try {
    const { at, why }: { readonly at?: unknown; readonly why?: unknown } = JSON.parse(text);
    return { at: String(at), why: String(why) };
  } catch {
    return { at: "", why: text };
  }
}
