import { jsonText } from "../json/dolt-json.ts";
import { exactNumber } from "../json/exact-number.ts";
import { isTooDeep } from "../json/json-depth.ts";
import { toWireTime } from "../time/wire-time.ts";
import type { IssueField } from "./issue.ts";

/** The value of a column as the wire has it; undefined where it is not set. */
export function fieldFromColumn({ kind, unset }: Pick<IssueField, "kind" | "unset">, value: unknown): unknown {
  if (value === null || value === undefined) return kind === "number" ? 0 : undefined;
  switch (kind) {
    case "key":
      return String(value);
    case "text":
    case "nullable-text":
      return value === "" || value === unset ? undefined : String(value);
    case "number":
      return Number(value);
    case "nullable-number":
      return Number(value);
    case "count":
      return Number(value) === 0 ? undefined : exactNumber(String(value));
    case "flag":
      return Number(value) === 1 ? true : undefined;
    case "time":
    case "nullable-time":
      return toWireTime(String(value));
    case "object":
      return filled(parseJson(jsonText(String(value))));
    case "list":
      return filled(listIn(value));
  }
}

/** What is set: no empty object or list, and no null; nor what is too deep to be printed. */
function filled(value: unknown): unknown {
  if (value === undefined || value === null || isTooDeep(value)) return undefined;
  return typeof value === "object" && Object.keys(value).length === 0 ? undefined : value;
}

function listIn(json: unknown): unknown {
  const value = typeof json === "string" && json !== "" ? parseJson(json) : undefined;
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

/** Other programs write these columns too: what is no JSON counts as not set. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
