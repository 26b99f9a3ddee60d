import { BdError } from "../../errors.ts";
import { DEEPEST_JSON, isTooDeep } from "./json-depth.ts";

/** A JSON object; its values are whatever JSON holds. */
export type Metadata = Readonly<Record<string, unknown>>;

export interface MetadataEdits {
  /** The object of `--metadata`: its keys replace those of the same name. */
  readonly merge?: Metadata | undefined;
  /** `key=value` of each `--set-metadata`. */
  readonly set?: readonly string[];
  /** The key of each `--unset-metadata`. */
  readonly unset?: readonly string[];
}

/** Reads the flag `--metadata`. Throws BdError usage INVALID_METADATA. */
export function parseMetadata(text: string): Metadata {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidMetadata("invalid JSON in --metadata: must be valid JSON", text, error);
  }
  if (!isMetadata(value)) throw invalidMetadata("invalid JSON in --metadata: must be a JSON object", text);
  if (isTooDeep(value))
    throw invalidMetadata(`invalid JSON in --metadata: it is nested more than ${DEEPEST_JSON} levels deep`, text);
  return value;
}

/**
 * The metadata after the edits: merge, then set, then unset, all on the top level. Values of set become null, booleans
 * and numbers where they look like them, strings otherwise. What other programs stored and is no object has no keys to
 * edit; an object replaces it. Throws BdError usage INVALID_METADATA.
 */
export function editMetadata(stored: unknown, edits: MetadataEdits): Metadata {
  const isObject = stored === undefined || isMetadata(stored);
  if (!isObject && edits.merge === undefined) {
    const shown = JSON.stringify(stored);
    throw invalidMetadata(`the metadata is ${shown}, which has no keys: --metadata replaces it by an object`, shown);
  }
  const current = isObject ? stored : undefined;
  // A Map, because `__proto__` is a key like any other here.
  const result = new Map(Object.entries(current ?? {}));
  for (const [key, value] of Object.entries(edits.merge ?? {})) result.set(key, value);
  for (const assignment of edits.set ?? []) {
    const equals = assignment.indexOf("=");
    if (equals <= 0) {
      throw invalidMetadata(
        `invalid --set-metadata: expected key=value, got ${JSON.stringify(assignment)}`,
        assignment,
      );
    }
    result.set(checkedKey(assignment.slice(0, equals)), typedValue(assignment.slice(equals + 1)));
  }
  for (const key of edits.unset ?? []) result.delete(checkedKey(key));
  return Object.fromEntries(result);
}

/** Throws BdError usage INVALID_METADATA for a key that filters (`--metadata-field`) could not name. */
function checkedKey(key: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_.-]*$/.test(key)) return key;
  throw invalidMetadata(`invalid metadata key ${JSON.stringify(key)}: must match [a-zA-Z_][a-zA-Z0-9_.-]*`, key);
}

export function isMetadata(value: unknown): value is Metadata {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typedValue(text: string): unknown {
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return text;
  const number = Number(text);
  // A whole number that JSON readers would round stays text, digit for digit.
  const isExact = /^-?\d+$/.test(text) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return isExact ? number : text;
}

function invalidMetadata(message: string, value: string, cause?: unknown): BdError {
  return new BdError("usage", "INVALID_METADATA", message, { details: { value }, cause });
}
