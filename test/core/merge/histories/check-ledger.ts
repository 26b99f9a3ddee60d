import type { Row } from "../../../../src/core/merge/cell.ts";
import { keyText, type Snapshot, textOf } from "../../../../src/core/merge/snapshot.ts";
import { closingOf, type Entry, type Ledger, tagsById, valuesIn } from "./ledger.ts";
import { rowsOf, tagOf } from "./tables.ts";

type Say = (sentence: string) => void;

/** What the tables say otherwise than the ledger, a sentence each. */
export function violations(snapshot: Snapshot, ledger: Ledger): string[] {
  const found: string[] = [];
  const say = (sentence: string) => void found.push(sentence);
  const byTag = Map.groupBy(rowsOf(snapshot, "issues"), tagOf);
  for (const [tag, rows] of byTag) {
    if (rows.length > 1 && !ledger.isUnsure(tag)) say(`${tag} is there ${rows.length} times`);
  }
  for (const entry of ledger.entries.values()) {
    const [row] = byTag.get(entry.tag) ?? [];
    if (ledger.isUnsure(entry.tag)) continue;
    if (entry.deleted !== (row === undefined)) say(`${entry.tag} is ${row === undefined ? "lost" : "back"}`);
    if (row === undefined || entry.deleted) continue;
    checkParts(entry, row, { snapshot, ledger, say });
    checkReferences(entry, row, { snapshot, ledger, say });
    checkCells(entry, row, say);
    checkTexts(entry, row, { snapshot, ledger, say });
  }
  for (const [key, { values }] of ledger.settings) {
    const value = textOf(snapshot.get("config")?.get(keyText([key])), "value");
    if (!values.includes(value)) say(`the setting ${key}: ${value} instead of ${values.join(" or ")}`);
  }
  return found;
}

interface Found {
  readonly snapshot: Snapshot;
  readonly ledger: Ledger;
  readonly say: Say;
}

function checkParts({ tag, comments, notes, labels, imports }: Entry, row: Row, { snapshot, say }: Found): void {
  const of = (table: string, column: string) => textsOf(snapshot, { table, column, id: textOf(row, "id") });
  compare(
    `${tag} comments`,
    of("comments", "text").filter((text) => !isKept(text)),
    [...comments],
    say,
  );
  // Those of a deleted issue stay, so that another one under its id may have them too.
  const noted = new Set(of("interactions", "id"));
  for (const uuid of notes) if (!noted.has(uuid)) say(`${tag} lacks a note`);
  compare(
    `${tag} labels`,
    of("labels", "label"),
    [...labels].flatMap(([label, isOn]) => (isOn ? [label] : [])),
    say,
  );
  const events = of("events", "event_type").filter((type) => type === "created").length;
  if (events < 1 || events > 1 + imports) say(`${tag} has ${events} events`);
}

function checkReferences({ tag, links, hooks, children }: Entry, row: Row, { snapshot, ledger, say }: Found): void {
  const [tags, id] = [tagsById(snapshot), textOf(row, "id")];
  const isSure = (other: string) => !ledger.isUnsure(other);
  const lives = (other: string) => isSure(other) && !ledger.get(other).deleted;
  const rows = rowsOf(snapshot, "dependencies").filter((one) => one["issue_id"] === id);
  const found = rows.map((one) => tags.get(textOf(one, "depends_on_id")) ?? textOf(one, "depends_on_id"));
  const expected = [...links].flatMap(([on, thread]) => (thread !== undefined && lives(on) ? [on] : []));
  compare(`${tag} links`, found.filter(isKnown(ledger, isSure)), expected.filter(isSure), say);
  for (const one of rows) {
    const [on, thread] = [tags.get(textOf(one, "depends_on_id")) ?? "", tags.get(textOf(one, "thread_id"))];
    const wanted = links.get(on) ?? "";
    if (wanted !== "" && lives(wanted) && thread !== wanted) say(`${tag} has the thread ${thread}, not ${wanted}`);
  }
  const counted = Number(textOf(snapshot.get("child_counters")?.get(keyText([id])), "last_child"));
  if (counted < children) say(`${tag} counts ${counted} children, not ${children}`);
  const hook = tags.get(textOf(row, "hook_bead")) ?? "";
  if (hooks.size > 0 && [...hooks].every(lives) && !hooks.has(hook)) say(`${tag} has the hook ${hook}`);
}

function isKnown(ledger: Ledger, isSure: (tag: string) => boolean) {
  return (name: string) => !ledger.entries.has(name) || isSure(name);
}

/** Columns that go by other rules than the later value. */
const SPECIAL = new Set(["title", "status", "closed_at", "close_reason", "hook_bead"]);

function checkCells({ tag, cells, removedKeys, closings, reopened }: Entry, row: Row, say: Say): void {
  const found = valuesIn(row);
  for (const [column, { values }] of cells) {
    // Titles are few, so that somebody may set one to what it was: that is no change.
    if (SPECIAL.has(column) || removedKeys.has(column.replace("metadata.", ""))) continue;
    const value = found[column] ?? "";
    if (!values.includes(value)) say(`${tag} has the ${column} ${value}, not ${values.join(" or ")}`);
  }
  const isClosed = row["status"] === "closed";
  if (isClosed !== (textOf(row, "closed_at") !== "")) say(`${tag} is half closed`);
  if (isClosed && !closings.has(closingOf(row))) say(`${tag} has a closing that nobody made`);
  if (closings.size > 0 && !reopened && !isClosed) say(`${tag} is open though nobody reopened it`);
}

/** A long text that nobody replaced who had seen it stands in its cell or in a comment by bd, once. */
function checkTexts({ tag, texts }: Entry, row: Row, { snapshot, ledger, say }: Found): void {
  const values = new Set(Object.values(valuesIn(row)));
  const kept = textsOf(snapshot, { table: "comments", column: "text", id: textOf(row, "id") }).filter(isKept);
  for (const text of texts) {
    const times = kept.filter((one) => one.endsWith(text)).length;
    if (times > 1) say(`${tag} has a lost text ${times} times`);
    if (times === 0 && !values.has(text) && !ledger.replaced.has(text)) say(`${tag} lost a text`);
  }
}

function isKept(text: string): boolean {
  return text.startsWith("Lost in a merge");
}

function textsOf(snapshot: Snapshot, { table, column, id }: Record<"table" | "column" | "id", string>): string[] {
  const rows = rowsOf(snapshot, table).filter((row) => row["issue_id"] === id);
  return rows.map((row) => textOf(row, column));
}

function compare(what: string, found: readonly string[], expected: readonly string[], say: Say): void {
  const [a, b] = [found.toSorted().join(", "), expected.toSorted().join(", ")];
  if (a !== b) say(`${what}: ${a} instead of ${b}`);
}
