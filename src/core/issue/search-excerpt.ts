import type { Issue } from "./issue.ts";

/** Where a search found one of its words. */
export interface FoundIn {
  /** The name of the issue's field, or `comments`. */
  readonly field: string;
  /** The words around it, in one line, with `…` where it was cut. */
  readonly text: string;
}

/** Texts of an issue that a search looks into, in the order in which they are told. */
export const SEARCHED_FIELDS = [
  "title",
  "id",
  "description",
  "design",
  "acceptance_criteria",
  "notes",
  "external_ref",
] as const satisfies readonly (keyof Issue)[];

const BEFORE = 30;
const AROUND = 80;

/** Each text of an issue that holds one of the words, with what stands around the first of them. */
export function foundIn(issue: Issue, comments: readonly string[], words: readonly string[]): FoundIn[] {
  const texts = [
    ...SEARCHED_FIELDS.map((field) => ({ field, text: issue[field] ?? "" })),
    ...comments.map((text) => ({ field: "comments", text })),
  ];
  const wanted = words.map(wordPattern);
  return texts.flatMap(({ field, text }) => {
    const places = wanted.map((pattern) => text.search(pattern)).filter((place) => place !== -1);
    return places.length === 0 ? [] : [{ field, text: excerpt(text, Math.min(...places)) }];
  });
}

/** Whatever the case. */
function wordPattern(word: string): RegExp {
  return new RegExp(word.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), "iu");
}

/** The text around a place, from one blank to another where there are any. */
function excerpt(text: string, place: number): string {
  const start = place <= BEFORE ? 0 : blankBefore(text, place - BEFORE, place);
  const end = start + AROUND >= text.length ? text.length : blankBehind(text, place, start + AROUND);
  const words = text.slice(start, end).toWellFormed().replace(/\s+/g, " ").trim();
  return `${start > 0 ? "…" : ""}${words}${end < text.length ? "…" : ""}`;
}

function blankBefore(text: string, from: number, place: number): number {
  const blank = text.slice(from, place).search(/\s/);
  return blank === -1 ? from : from + blank + 1;
}

function blankBehind(text: string, place: number, to: number): number {
  const lastBlank = text.slice(place, to).search(/\s\S*$/);
  return lastBlank <= 0 ? to : place + lastBlank;
}
