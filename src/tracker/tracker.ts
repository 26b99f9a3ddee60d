import { type ChangeWanted, changeTask, textOf } from "./change-task.ts";
import type { StoreConnection } from "./store-connection.ts";
import { etagOf, FOUR_STATUSES, readTask, type StatusWords, type Task } from "./task.ts";
import { isTaskId, type TaskKeys, taskKeys } from "./task-keys.ts";
import { type Change, readEntries } from "./task-log.ts";
import { idsOfPage, MOST_PAGE } from "./task-pages.ts";
import { checked, taskDraft, taskPatch } from "./task-schemas.ts";
import { TrackerError } from "./tracker-error.ts";

export interface TrackerOptions {
  readonly connection: StoreConnection;
  /** What all keys begin with; default `tracker:`. */
  readonly prefix?: string | undefined;
  readonly statuses?: StatusWords | undefined;
  /** How many changes the stream keeps, about; default 10,000. */
  readonly keptChanges?: number | undefined;
  /** Called after each change that a mirror is to bring over; nobody waits for it. */
  readonly onChange?: (() => void) | undefined;
  readonly now?: (() => Date) | undefined;
  readonly newId?: (() => string) | undefined;
}

/** Who changes something, and under which name, so that it is not done twice. */
export interface ChangeOptions {
  /** What the task must be still; an ETag. */
  readonly ifMatch?: string | undefined;
  readonly op?: string | undefined;
  /** Who it is, for those who read the stream; default `web`. */
  readonly source?: string | undefined;
}

export interface Versioned {
  readonly task: Task;
  readonly etag: string;
}

export interface Page {
  readonly tasks: readonly Task[];
  /** For the next page; undefined where this was the last. */
  readonly cursor: string | undefined;
}

export interface PageRequest {
  readonly project?: string | undefined;
  /** 1 to 1000; default 1000. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Others may be quicker; so often a change is tried again on what they have written. */
const MOST_TRIES = 50;
const KEPT_CHANGES = 10_000;

/**
 * Tasks in a Redis. Every change is one script: compared, written, put into the indexes and told in a stream, or nothing of it.
 * Throws TrackerError.
 */
export class Tracker {
  readonly keys: TaskKeys;
  readonly statuses: StatusWords;
  readonly connection: StoreConnection;
  readonly #now: () => Date;
  readonly #newId: () => string;
  readonly #keptChanges: number;
  readonly #onChange: () => void;

  constructor({
    connection,
    prefix = "tracker:",
    statuses = FOUR_STATUSES,
    keptChanges = KEPT_CHANGES,
    onChange = () => {},
    now,
    newId,
  }: TrackerOptions) {
    this.connection = connection;
    this.keys = taskKeys(prefix);
    this.statuses = statuses;
    this.#keptChanges = keptChanges;
    this.#onChange = onChange;
    this.#now = now ?? (() => new Date());
    this.#newId = newId ?? (() => globalThis.crypto.randomUUID());
  }

  /** The newest first, without those that were deleted. Two commands, whatever there is. */
  async list({ project, limit = MOST_PAGE, cursor }: PageRequest = {}): Promise<Page> {
    const [ids, next] = await idsOfPage(this.connection, this.keys.index(project), { limit, cursor });
    if (ids.length === 0) return { tasks: [], cursor: undefined };
    const texts = await this.connection.send(["MGET", ...ids.map((id) => this.keys.task(id))]);
    const tasks = (Array.isArray(texts) ? texts : []).flatMap((text) => readTask(text) ?? []);
    return { tasks: tasks.filter((task) => isIn(task, project)), cursor: next };
  }

  /** Throws TrackerError 404; a deleted one is there. */
  async get(id: string): Promise<Versioned> {
    const text = await this.#read(id);
    const task = readTask(text);
    if (text === undefined || task === undefined) throw new TrackerError(404, "Task not found");
    return { task, etag: etagOf(text) };
  }

  async #read(id: string): Promise<string | undefined> {
    if (!isTaskId(id)) throw new TrackerError(404, "Task not found");
    const text = await this.connection.send(["GET", this.keys.task(id)]);
    return typeof text === "string" ? text : undefined;
  }

  /** Throws TrackerError 400 with the field that is wrong. */
  async create(
    draft: unknown,
    { op = this.#newId(), source, id = this.#newId() }: ChangeOptions & { readonly id?: string } = {},
  ): Promise<Versioned> {
    const said = checked(taskDraft(this.statuses), draft);
    const at = this.#now().toISOString();
    const task: Task = {
      id,
      status: this.statuses[0],
      priority: "medium",
      activities: [],
      ...withoutEmpty(said),
      createdAt: at,
      updatedAt: at,
      lastOp: op,
    };
    const { outcome, text } = await this.#change({ before: undefined, after: task, kind: "created", op, source });
    if (outcome === "DONE" || readTask(text)?.lastOp === op) return { task, etag: etagOf(textOf(task)) };
    throw new TrackerError(409, "Task exists already");
  }

  /** Changes what is named; null and an empty text take a field away. Throws TrackerError 400, 404, 412. */
  async update(id: string, patch: unknown, options: ChangeOptions = {}): Promise<Versioned> {
    const said = checked(taskPatch(this.statuses), patch);
    return this.#edit(id, "updated", options, (task) => withoutEmpty({ ...task, ...said }));
  }

  /** Deletes softly: lists leave it out, and it can be read. Throws TrackerError 404, 412. */
  async remove(id: string, options: ChangeOptions = {}): Promise<Versioned> {
    const finished = this.statuses.at(-1) ?? "";
    return this.#edit(id, "deleted", options, (task) => ({
      ...task,
      status: finished,
      deletedAt: this.#now().toISOString(),
    }));
  }

  /** Takes it away for ever. Throws TrackerError 404. */
  async purge(id: string, { op = this.#newId(), source }: ChangeOptions = {}): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const before = await this.#read(id);
      if (before === undefined) {
        if (tries > 0) return;
        throw new TrackerError(404, "Task not found");
      }
      const { outcome } = await this.#change({ id, before, after: undefined, kind: "purged", op, source });
      if (outcome === "DONE" || outcome === "MISSING") return;
    }
    throw tooBusy();
  }

  async #edit(
    id: string,
    kind: Change["kind"],
    { ifMatch, op = this.#newId(), source }: ChangeOptions,
    apply: (task: Task) => Task,
  ): Promise<Versioned> {
    let before = await this.#read(id);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const task = readTask(before);
      if (before === undefined || task === undefined) throw new TrackerError(404, "Task not found");
      // The answer to the same request was lost on its way.
      if (task.lastOp === op) return { task, etag: etagOf(before) };
      if (kind === "updated" && task.deletedAt !== undefined) throw new TrackerError(404, "Task not found");
      if (ifMatch !== undefined && ifMatch !== etagOf(before)) {
        throw new TrackerError(412, "Somebody changed the task meanwhile", { current: task });
      }
      const after = { ...apply(task), id, updatedAt: this.#now().toISOString(), lastOp: op };
      const { outcome, text } = await this.#change({ before, after, kind, op, source });
      if (outcome === "DONE") return { task: after, etag: etagOf(textOf(after)) };
      before = outcome === "MISSING" ? undefined : text;
    }
    throw tooBusy();
  }

  /** Has the stream and the indexes know a task as it is, which somebody wrote past them. */
  async takeIn(id: string): Promise<boolean> {
    const before = await this.#read(id);
    const task = readTask(before);
    if (before === undefined || task === undefined || task.id !== id) return false;
    const { outcome } = await this.#change({
      before,
      after: task,
      text: before,
      kind: "found",
      op: this.#newId(),
      source: "other",
    });
    return outcome === "DONE";
  }

  /**
   * Writes a task as somebody says who keeps it elsewhere, too, a deleted one as well: nothing of it is checked. False where
   * it is not `before` any more; undefined: where there is one by now.
   */
  async put(
    after: Task,
    { before, op, source }: { readonly before: string | undefined; readonly op: string; readonly source: string },
  ): Promise<boolean> {
    const wasDeleted = readTask(before)?.deletedAt !== undefined;
    const deletes = after.deletedAt !== undefined && !wasDeleted;
    const kind = before === undefined ? "created" : deletes ? "deleted" : "updated";
    const written = { ...withoutEmpty(after), updatedAt: this.#now().toISOString(), lastOp: op };
    const { outcome } = await this.#change({ before, after: written, kind, op, source });
    return outcome === "DONE";
  }

  /** What is stored of each, as it is, deleted ones too; without those that are not there or no tasks. */
  async textsOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const keys = ids.filter(isTaskId).map((id) => this.keys.task(id));
    if (keys.length === 0) return new Map();
    const texts = await this.connection.send(["MGET", ...keys]);
    const tasks = (Array.isArray(texts) ? texts : []).map((text) => [readTask(text)?.id, String(text)] as const);
    return new Map(tasks.flatMap(([id, text]) => (id === undefined ? [] : [[id, text]])));
  }

  async #change(wanted: ChangeWanted): ReturnType<typeof changeTask> {
    const made = await changeTask(this.connection, this.keys, { keptChanges: this.#keptChanges, ...wanted });
    if (made.outcome === "DONE") this.#onChange();
    return made;
  }

  /** Changes after an entry of the stream, the oldest first. */
  async changesSince(id: string, count = 100): Promise<Change[]> {
    return readEntries(
      await this.connection.send(["XRANGE", this.keys.log, id === "" ? "-" : `(${id}`, "+", "COUNT", String(count)]),
    );
  }

  /** Ids of the first and the last entry of the stream; undefined where it has none. */
  async ends(): Promise<{ readonly first: string; readonly last: string } | undefined> {
    const [first] = readEntries(await this.connection.send(["XRANGE", this.keys.log, "-", "+", "COUNT", "1"]));
    const [last] = readEntries(await this.connection.send(["XREVRANGE", this.keys.log, "+", "-", "COUNT", "1"]));
    return first === undefined || last === undefined ? undefined : { first: first.entry, last: last.entry };
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

/** Null and an empty text take a field away; what must not be empty was checked. */
function withoutEmpty<T extends object>(fields: T): Whole<T> {
  const kept = Object.entries(fields).filter(([, value]) => value !== null && value !== "" && value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields, but for those that are away
  return Object.fromEntries(kept) as Whole<T>;
}

type Whole<T> = { [Field in keyof T]: Exclude<T[Field], null | undefined> };

function tooBusy(): TrackerError {
  return new TrackerError(409, "The task is changed all the time; try again");
}

/** What others write past the indexes may stand in that of another project. */
function isIn(task: Task, project: string | undefined): boolean {
  return task.deletedAt === undefined && (project === undefined || task.project === project);
}
