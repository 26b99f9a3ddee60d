import { stringifyIndented, withSortedKeys } from "../../core/json/go-json.ts";

const SCHEMA_VERSION = 1;

/** The peer's two forms of JSON; or one line, for what comes among lines. */
export type JsonForm = "plain" | "envelope" | "line";

/**
 * A payload as text. In the plain form an object gets `schema_version` and alphabetical keys, an array passes
 * untouched; in an envelope every payload stands under `data`, and the cursor beside it.
 */
export function jsonText(payload: unknown, form: JsonForm, cursor?: string): string {
  if (form === "line") return JSON.stringify(numbered(payload));
  if (form === "envelope") return stringifyIndented({ schema_version: SCHEMA_VERSION, data: payload, cursor });
  return stringifyIndented(numbered(payload));
}

function numbered(payload: unknown): unknown {
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  return isObject ? withSortedKeys({ ...payload, schema_version: SCHEMA_VERSION }) : payload;
}
