import { BdError, command } from "../errors.ts";

/** What a text column takes. Long texts may hold NUL; names and other one-line values may not. */
interface TextLimit {
  readonly max: number;
  readonly unit: "bytes" | "characters";
  readonly nul: boolean;
}

/** TEXT columns hold 65,535 bytes of UTF-8. */
const LONG_TEXT: TextLimit = { max: 65_535, unit: "bytes", nul: true };

function line(max: number): TextLimit {
  return { max, unit: "characters", nul: false };
}

/** By the field's name on the wire. The last ones belong to edges, labels and comments. */
const LIMITS = {
  id: line(255),
  title: line(500),
  description: LONG_TEXT,
  design: LONG_TEXT,
  acceptance_criteria: LONG_TEXT,
  notes: LONG_TEXT,
  close_reason: LONG_TEXT,
  payload: LONG_TEXT,
  status: line(32),
  issue_type: line(32),
  assignee: line(255),
  owner: line(255),
  created_by: line(255),
  closed_by_session: line(255),
  external_ref: line(255),
  spec_id: line(1024),
  sender: line(255),
  source_system: line(255),
  source_repo: line(512),
  wisp_type: line(32),
  mol_type: line(32),
  work_type: line(32),
  event_kind: line(32),
  actor: line(255),
  session: line(255),
  target: line(255),
  await_type: line(32),
  await_id: line(255),
  dependency_type: line(32),
  thread_id: line(255),
  label: line(255),
  author: line(255),
  text: LONG_TEXT,
  setting_key: line(255),
  setting: LONG_TEXT,
} as const satisfies Record<string, TextLimit>;

export type TextField = keyof typeof LIMITS;

/**
 * Checks one text against the column it goes to.
 * Throws BdError usage TEXT_TOO_LONG (field, size, limit, unit), INVALID_TEXT.
 */
export function checkText(field: TextField, value: string): void {
  const limit: TextLimit = LIMITS[field];
  const size = limit.unit === "bytes" ? byteSize(value, limit.max) : characterCount(value, limit.max);
  if (size > limit.max) throw tooLong(field, size, limit);
  if (!limit.nul && value.includes("\0")) throw invalidText(field, "a NUL character");
  // UTF-8 can't express it: the driver would store a replacement character without a word.
  if (!value.isWellFormed()) throw invalidText(field, "half of a surrogate pair");
}

/** Checks every text of an issue, a comment or a patch; values that are not strings are passed over. */
export function checkTexts(fields: object): void {
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === "string" && isTextField(field)) checkText(field, value);
  }
}

/** Throws BdError usage TITLE_REQUIRED with that message, and what `checkText` throws. */
export function checkTitle(title: string, missing = "title is required"): void {
  if (title.trim() === "") {
    throw new BdError("usage", "TITLE_REQUIRED", missing);
  }
  checkText("title", title);
}

/** Throws BdError usage LABEL_REQUIRED, and what `checkText` throws. */
export function checkLabel(label: string): void {
  if (label.trim() === "") {
    throw new BdError("usage", "LABEL_REQUIRED", "label cannot be empty", { hint: command`bd label list-all` });
  }
  checkText("label", label);
}

function isTextField(name: string): name is TextField {
  return Object.hasOwn(LIMITS, name);
}

/** UTF-8 bytes; counted only when the text could be over the limit (a UTF-16 unit takes 3 bytes at most). */
function byteSize(value: string, max: number): number {
  return value.length * 3 <= max ? value.length : Buffer.byteLength(value);
}

/** Code points, as VARCHAR counts. */
function characterCount(value: string, max: number): number {
  return value.length <= max ? value.length : Array.from(value).length;
}

function tooLong(field: TextField, size: number, limit: TextLimit): BdError {
  const message =
    field === "title"
      ? `title must be ${limit.max} characters or less (got ${size})`
      : `${field} is ${size} ${limit.unit}, over the limit of ${limit.max} ${limit.unit}`;
  return new BdError("usage", "TEXT_TOO_LONG", message, {
    details: { field, size, limit: limit.max, unit: limit.unit },
  });
}

function invalidText(field: TextField, what: string): BdError {
  return new BdError("usage", "INVALID_TEXT", `${field} holds ${what}`, { details: { field } });
}
