import { BdError } from "../../errors.ts";
import { checkText } from "../text-limits.ts";

export const DEFAULT_DEPENDENCY_TYPE = "blocks";

/** The types whose edge blocks its source while both ends are active. */
export const BLOCKING_TYPES: readonly string[] = ["blocks", "conditional-blocks"];

/** The types that readiness looks at; all others only tell a relation. */
const READINESS_TYPES: readonly string[] = [...BLOCKING_TYPES, "waits-for", "parent-child"];

export const WELL_KNOWN_DEPENDENCY_TYPES: readonly string[] = [
  ...READINESS_TYPES,
  "related",
  "relates-to",
  "discovered-from",
  "replies-to",
  "duplicates",
  "supersedes",
  "authored-by",
  "assigned-to",
  "approved-by",
  "attests",
  "tracks",
  "until",
  "caused-by",
  "validates",
  "delegated-from",
];

/** How a waits-for edge opens: when no child is active any more, or as soon as one child is done. */
export type WaitsForGate = "all-children" | "any-children";

export const DEFAULT_GATE: WaitsForGate = "all-children";

export function isBlockingType(type: string): boolean {
  return BLOCKING_TYPES.includes(type);
}

export function isWellKnownDependencyType(type: string): boolean {
  return WELL_KNOWN_DEPENDENCY_TYPES.includes(type);
}

/**
 * Checks the form of a type that is to be stored.
 * Throws BdError usage INVALID_DEPENDENCY_TYPE, and what `checkText` throws.
 */
export function parseDependencyType(text: string): string {
  const type = text.trim();
  if (type === "") {
    throw new BdError("usage", "INVALID_DEPENDENCY_TYPE", `invalid dependency type ${JSON.stringify(text)}`, {
      details: { value: text },
    });
  }
  checkText("dependency_type", type);
  return type;
}

/** Checks the flag `--waits-for-gate`. Throws BdError usage INVALID_GATE. */
export function parseWaitsForGate(text: string): WaitsForGate {
  const gate = gateNamed(text.trim());
  if (gate === undefined) {
    throw new BdError(
      "usage",
      "INVALID_GATE",
      `invalid waits-for gate ${JSON.stringify(text)} (valid: all-children, any-children)`,
      { details: { value: text } },
    );
  }
  return gate;
}

/** The gate in an edge's metadata, given as text or already parsed; anything unreadable means all children. */
export function gateFromMetadata(metadata: unknown): WaitsForGate {
  const value = typeof metadata === "string" ? parsedOrUndefined(metadata) : metadata;
  if (typeof value !== "object" || value === null || !("gate" in value)) return DEFAULT_GATE;
  return gateNamed(value.gate) ?? DEFAULT_GATE;
}

function gateNamed(name: unknown): WaitsForGate | undefined {
  return name === "all-children" || name === "any-children" ? name : undefined;
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
