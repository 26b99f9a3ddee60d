import { BdError } from "../errors.ts";
import type { SchemaIssue } from "../ops/operation.ts";

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What is wrong with an input. A name that nobody knows goes first: what is missing is often what it was to be. */
export function misfit(issues: readonly SchemaIssue[]): BdError {
  const first = issues.find(({ keys }) => keys !== undefined) ?? issues[0];
  const [unknown] = first?.keys ?? [];
  const path = [...(first?.path ?? []), ...(unknown === undefined ? [] : [unknown])];
  const field = path.map(String).join(".");
  const what =
    unknown === undefined
      ? `${field === "" ? "" : `${field}: `}${first === undefined ? "the input does not fit" : wordsOf(first)}`
      : `nothing is called ${JSON.stringify(field)} here`;
  return new BdError("usage", "BAD_INPUT", what, { details: { field } });
}

function wordsOf(issue: SchemaIssue): string {
  const { values, minimum, maximum, message } = issue;
  if (values !== undefined) return `expected one of ${values.map(String).join(", ")}`;
  if (minimum !== undefined) return `expected ${String(minimum)} or more`;
  if (maximum !== undefined) return `expected ${String(maximum)} or less`;
  const kinds = kindsOf(issue);
  return kinds.length === 0 ? message : `expected ${kinds.join(" or ")}`;
}

/** What it may be; of a choice, all of it. */
function kindsOf({ expected, errors = [] }: SchemaIssue): string[] {
  if (expected !== undefined) return [KINDS[expected] ?? expected];
  return [...new Set(errors.flatMap(([first]) => (first === undefined ? [] : kindsOf(first))))];
}
