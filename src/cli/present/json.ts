import { stringifyIndented, withSortedKeys } from "../../core/go-json.ts";

const SCHEMA_VERSION = 1;

/**
 * The peer's two forms. By default an object gets `schema_version` and alphabetical keys, an array passes untouched;
 * with `BD_JSON_ENVELOPE=1` every payload stands under `data`.
 */
export function jsonText(payload: unknown, env: Readonly<Record<string, string | undefined>>): string {
  if (env["BD_JSON_ENVELOPE"] === "1") return stringifyIndented({ schema_version: SCHEMA_VERSION, data: payload });
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  return stringifyIndented(isObject ? withSortedKeys({ ...payload, schema_version: SCHEMA_VERSION }) : payload);
}
