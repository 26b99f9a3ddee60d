import type { Change, FieldChanges, IssueChange } from "./change-event.ts";
import { FOLLOWING_FIELDS } from "./following-fields.ts";

/** A short field with its values; of a long text only that it changed. */
export interface FieldReport {
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

/** What came to an issue and what went. */
export interface NameReport {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** How many came and how many went. */
export interface CountReport {
  readonly added: number;
  readonly removed: number;
}

/** What became of one issue between two commits, whatever its id was before, in few words. */
export interface IssueReport {
  /** Of an issue that is still there the id that it has now. */
  readonly id: string;
  readonly kind: "added" | "changed" | "removed";
  readonly title: string;
  /** Of a changed one. */
  readonly fields: readonly FieldReport[];
  readonly labels: NameReport;
  readonly comments: CountReport;
  readonly dependencies: CountReport;
}

/** By the id that an issue had, the one that it has now. */
export type Moves = ReadonlyMap<string, string>;

/** Fields whose values fit into a line. */
const SHORT = new Set(["title", "status", "priority", "issue_type", "assignee"]);
/** What is said where nothing else changed. */
const BESIDE = new Set([...FOLLOWING_FIELDS, "close_reason"]);

/** The changes, issue by issue, in the order of their ids. A new id, or a new time of change, alone is no news. */
export function issueReports(changes: readonly Change[], moves: Moves): IssueReport[] {
  const drafts = new Map<string, Draft>();
  const draftOf = (id: string) => {
    const draft = drafts.get(id) ?? new Draft(moves);
    drafts.set(id, draft);
    return draft;
  };
  for (const change of changes) {
    if (change.type !== "config_changed") draftOf(idNow(change, moves)).take(change);
  }
  return [...drafts]
    .toSorted(([one], [other]) => byNumbers.compare(one, other))
    .flatMap(([id, draft]) => draft.report(id));
}

/** The ninth child stands before the tenth. */
const byNumbers = new Intl.Collator("en", { numeric: true });

/** What goes hung on the issue that had the id before. */
function idNow({ type, issue_id: id }: Exclude<Change, { readonly type: "config_changed" }>, moves: Moves): string {
  const goes =
    type === "deleted" || type === "unlabeled" || type === "dependency_removed" || type === "comment_removed";
  return goes ? (moves.get(id) ?? id) : id;
}

/** What is known of an issue so far; what went and came back is the same. */
class Draft {
  readonly #moves: Moves;
  #title = "";
  #gone: IssueChange | undefined;
  #come: IssueChange | undefined;
  #changed: IssueChange | undefined;
  readonly #labels = new Parts();
  readonly #comments = new Parts();
  readonly #dependencies = new Parts();

  constructor(moves: Moves) {
    this.#moves = moves;
  }

  take(change: Exclude<Change, { readonly type: "config_changed" }>): void {
    this.#title ||= change.title;
    switch (change.type) {
      case "labeled":
      case "unlabeled":
        return this.#labels.take(change.label, change.type === "labeled");
      case "commented":
      case "comment_removed": {
        const { issue_id: _, ...comment } = change.comment;
        return this.#comments.take(JSON.stringify(comment), change.type === "commented");
      }
      case "dependency_added":
      case "dependency_removed": {
        const { issue_id: _, depends_on_id: other, ...edge } = change.dependency;
        const comes = change.type === "dependency_added";
        const target = comes ? other : (this.#moves.get(other) ?? other);
        return this.#dependencies.take(JSON.stringify([target, edge]), comes);
      }
      case "deleted":
        this.#gone = change;
        return;
      case "created":
        this.#come = change;
        this.#title = change.title;
        return;
      case "updated":
      case "closed":
      case "reopened":
      case "claimed":
        this.#changed = change;
    }
  }

  report(id: string): IssueReport[] {
    const fields = this.#fields();
    const parts = {
      labels: this.#labels.names(),
      comments: this.#comments.counts(),
      dependencies: this.#dependencies.counts(),
    };
    const whole = { id, title: this.#title, fields, ...parts };
    if (this.#come !== undefined && this.#come.moved_from === undefined)
      return [{ ...whole, kind: "added", fields: [] }];
    if (this.#gone !== undefined && this.#come === undefined) return [{ ...whole, kind: "removed", fields: [] }];
    const counts = [parts.labels.added.length, parts.labels.removed.length, ...countsOf(parts)];
    return fields.length + Math.max(...counts) > 0 ? [{ ...whole, kind: "changed" }] : [];
  }

  #fields(): FieldReport[] {
    const changes = this.#changed?.changes ?? movedFields(this.#gone?.changes, this.#come?.changes);
    const said = Object.entries(changes).filter(([field]) => field !== "updated_at");
    const own = said.filter(([field]) => !BESIDE.has(field));
    return (own.length > 0 ? own : said).map(([field, { old, new: now }]) =>
      SHORT.has(field) ? { field, from: shown(old), to: shown(now) } : { field },
    );
  }
}

/** Of an issue that is told as gone and come: what it was against what it is. */
function movedFields(gone: FieldChanges = {}, come: FieldChanges = {}): FieldChanges {
  const fields = new Set([...Object.keys(gone), ...Object.keys(come)]);
  const pairs = [...fields].map(
    (field) => [field, { old: gone[field]?.old ?? null, new: come[field]?.new ?? null }] as const,
  );
  return Object.fromEntries(pairs.filter(([, { old, new: now }]) => JSON.stringify(old) !== JSON.stringify(now)));
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function countsOf({ comments, dependencies }: Pick<IssueReport, "comments" | "dependencies">): number[] {
  return [comments, dependencies].map(({ added, removed }) => added + removed);
}

/** Things that come and go, by what tells them apart. */
class Parts {
  readonly #come = new Set<string>();
  readonly #gone = new Set<string>();

  take(name: string, comes: boolean): void {
    (comes ? this.#come : this.#gone).add(name);
  }

  names(): NameReport {
    const without = (names: ReadonlySet<string>, others: ReadonlySet<string>) =>
      [...names].filter((name) => !others.has(name)).toSorted();
    return { added: without(this.#come, this.#gone), removed: without(this.#gone, this.#come) };
  }

  counts(): CountReport {
    const { added, removed } = this.names();
    return { added: added.length, removed: removed.length };
  }
}
