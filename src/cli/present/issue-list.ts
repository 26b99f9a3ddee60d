import type { Flags, View } from "../command.ts";
import { type ColumnName, columnNamed, type Moment } from "./issue-columns.ts";
import type { ListedIssue } from "./listed-issue.ts";
import { legend, shownStatus, statusMark } from "./status-mark.ts";
import { counted } from "./text/counted-text.ts";
import { cutSegments, type Segment, styled, widthOf } from "./text/segments.ts";

/** A line of a list: an issue, and what is drawn before it. */
export interface ListLine {
  readonly issue: ListedIssue;
  readonly branch?: string;
  /** What stands under it, a line each. */
  readonly below?: readonly string[];
}

export interface ListOptions {
  /** The columns that were asked for. */
  readonly columns?: readonly ColumnName[] | undefined;
  /** Whether the first line of its description stands below each issue. */
  readonly descriptions?: boolean;
}

/** What the flags `--columns` and `--long` ask for. */
export function listOptions({ columns, long }: Flags): ListOptions {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `addColumnsFlag` makes of it
  return { columns: columns as readonly ColumnName[] | undefined, descriptions: long === true };
}

/**
 * One line for each issue, in columns. On a terminal no line is wider than that; a reader of a pipe gets every text
 * whole, and no age, which would be another one in each minute.
 */
export function listLines(lines: readonly ListLine[], view: View, { columns }: ListOptions = {}): string[] {
  const drawn = lines.map(({ issue, branch = "" }) => ({ issue, branch: roomFor(branch, view) }));
  const rows = (cells: readonly Cell[]) => drawn.map((line) => cells.map((cell) => cell(line, view)));
  const laid =
    columns === undefined ? layOut(rows, view) : inColumns(rows(columns.map(byName)), view, columns.indexOf("id"));
  return laid.map((line) => styled(line, view.style));
}

/** As many columns as there is room for; all but the age in a pipe. */
function layOut(rows: (cells: readonly Cell[]) => Row[], view: View): Segment[][] {
  const whole = rows([...HEAD, tail(TAIL)]);
  if (!view.isTerminal) return inColumns(whole, view);
  const aged = rows([...HEAD, tail([...TAIL, "age"])]);
  if (lineWidth(widthsOf(aged)) <= view.columns) return inColumns(aged, view);
  const readable = [whole, rows(HEAD)].find((table) => level(widthsOf(table), view.columns, ID) >= SHORTEST);
  return inColumns(readable ?? rows(HEAD.filter((cell) => cell !== TYPE)), view);
}

/** The list, and under it, where somebody looks at a terminal, what its marks mean. */
export function presentList(lines: readonly ListLine[], view: View, options: ListOptions = {}): void {
  listLines(lines, view, options).forEach((line, index) => {
    view.line(line);
    for (const below of linesBelow(lines[index], options)) {
      view.line(styled(fitting([[`    ${below}`, "dim"]], view), view.style));
    }
  });
  if (!view.isTerminal || view.quiet || options.columns !== undefined) return;
  const statuses = lines.map(({ issue }) => shownStatus(issue, view.now));
  const foot: Segment = [`${counted(lines.length, "issue")}:  ${legend(statuses)}`, "dim"];
  view.line(styled(fitting([foot], view), view.style));
}

function linesBelow(line: ListLine | undefined, { descriptions }: ListOptions): readonly string[] {
  const { below = [], issue } = line ?? {};
  const [first = ""] = (descriptions === true ? (issue?.description ?? "") : "").trimStart().split("\n", 1);
  return first === "" ? below : [first, ...below];
}

function fitting(line: readonly Segment[], { isTerminal, columns }: View): readonly Segment[] {
  return isTerminal ? cutSegments(line, columns) : line;
}

/** Of a tree that is deeper than a terminal has room for, the end of the branch. */
function roomFor(branch: string, { isTerminal, columns }: View): string {
  const room = Math.floor(columns / 3);
  return isTerminal && branch.length > room ? `…${branch.slice(1 - room)}` : branch;
}

/** In a pipe a column is as wide as its widest text, up to here; longer ones push the rest of their line aside. */
const LONGEST_PADDING = 60;
const GAP = 2;
const BLANKS: Segment = [" ".repeat(GAP)];

type Cell = (line: ListLine, moment: Moment) => readonly Segment[];
type Row = readonly (readonly Segment[])[];

function byName(name: ColumnName): Cell {
  return ({ issue }, moment) => columnNamed(name)(issue, moment);
}

/** Most issues are tasks, so that word is left to who asks for it. */
const TYPE: Cell = (line, moment) => (line.issue.issue_type === "task" ? [] : byName("type")(line, moment));

/** What every issue has. */
const HEAD: readonly Cell[] = [
  // The branch of a tree, the mark and the id belong together.
  ({ branch = "", issue }, { now }) => [
    [branch, "dim"],
    statusMark(shownStatus(issue, now)),
    [" "],
    [issue.id, "bold"],
  ],
  byName("priority"),
  TYPE,
  byName("title"),
];

/** What few issues have, by how much it matters: one behind the other, because columns of their own would be mostly empty. */
const TAIL: readonly ColumnName[] = ["still", "assignee", "waits", "due", "labels", "parent"];

function tail(names: readonly ColumnName[]): Cell {
  return (line, moment) =>
    names
      .map((name) => byName(name)(line, moment))
      .filter((cell) => cell.length > 0)
      .flatMap((cell, index) => (index === 0 ? cell : [BLANKS, ...cell]));
}

function widthsOf(rows: readonly Row[]): number[] {
  const count = rows[0]?.length ?? 0;
  return Array.from({ length: count }, (_, index) => Math.max(0, ...rows.map((row) => widthOf(row[index] ?? []))));
}

/** The column that has the id, which nobody can do without: it is never cut, however narrow the terminal is. */
const ID = 0;

function inColumns(rows: readonly Row[], { isTerminal, columns }: View, id: number = ID): Segment[][] {
  const natural = widthsOf(rows);
  const width = isTerminal ? level(natural, columns, id) : LONGEST_PADDING;
  const widths = natural.map((own, at) => (isTerminal ? narrowed(own, width, at === id) : Math.min(own, width)));
  if (!isTerminal) return rows.map((row) => lineOf(row, widths, false));
  const needed = lineWidth(widths.slice(0, id + 1));
  return needed < columns
    ? rows.map((row) => [...cutSegments(lineOf(row, widths, true), columns)])
    : rows.map((row) => lineOf(row.slice(0, id + 1), widths, true));
}

/** Columns up to this width stay whole as long as the wider ones keep at least the other. */
const STIFF = 24;
const SHORTEST = 12;

/** How wide columns may be so that all fit: the widest give way first. */
function level(natural: readonly number[], available: number, id: number): number {
  let width = Math.max(...natural);
  while (width > 1 && lineWidth(natural.map((own, at) => narrowed(own, width, at === id))) > available) width--;
  return width;
}

function narrowed(own: number, width: number, isId: boolean): number {
  return isId || (own <= STIFF && width >= SHORTEST) ? own : Math.min(own, width);
}

function lineWidth(widths: readonly number[]): number {
  const shown = widths.filter((width) => width > 0);
  return shown.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, shown.length - 1);
}

/** A line of cells, each as wide as its column, without blanks at its end. */
function lineOf(row: Row, widths: readonly number[], isCut: boolean): Segment[] {
  const cells = row.map((cell, index) => ({ cell, width: widths[index] ?? 0 })).filter(({ width }) => width > 0);
  const last = cells.findLastIndex(({ cell }) => widthOf(cell) > 0);
  return cells.slice(0, last + 1).flatMap(({ cell, width }, index): Segment[] => {
    const own = isCut ? cutSegments(cell, width + spareBehind(cells, index)) : cell;
    const blanks = index === last ? 0 : Math.max(0, width - widthOf(own)) + GAP;
    return [...own, [" ".repeat(blanks)]];
  });
}

/** What the last column leaves free belongs to the one before. */
function spareBehind(cells: readonly { readonly cell: readonly Segment[]; readonly width: number }[], index: number) {
  const next = cells[index + 1];
  if (next === undefined || index !== cells.length - 2) return 0;
  const used = widthOf(next.cell);
  return used === 0 ? next.width + GAP : Math.max(0, next.width - used);
}
