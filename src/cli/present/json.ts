import { stringifyIndented, withSortedKeys } from "../../core/go-json.ts";

const SCHEMA_VERSION = 1;

/** The peer's two forms of JSON. */
export type JsonForm = "plain" | "envelope";

/**
 * A payload as text. In the plain form an object gets `schema_version` and alphabetical keys, an array passes
 * untouched; in an envelope every payload stands under `data`.
 */
export function jsonText(payload: unknown, form: JsonForm): string {
  if (form === "envelope") return stringifyIndented({ schema_version: SCHEMA_VERSION, data: payload });
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  return stringifyIndented(isObject ? withSortedKeys({ ...payload, schema_version: SCHEMA_VERSION }) : payload);
}
