import { BdError } from "../../errors.ts";

export const DEFAULT_PRIORITY = 2;

/**
 * Reads `1` or `P1` (any case) into 0 (most urgent) to 4.
 * Throws BdError usage INVALID_PRIORITY.
 */
export function parsePriority(text: string): number {
  const match = /^[Pp]?([0-4])$/.exec(text.trim());
  if (match === null) {
    throw new BdError(
      "usage",
      "INVALID_PRIORITY",
      `invalid priority ${JSON.stringify(text)} (expected 0-4 or P0-P4, not words like high/medium/low)`,
      { details: { value: text } },
    );
  }
  return Number(match[1]);
}

/** `P1` */
export function formatPriority(priority: number): string {
  return `P${priority}`;
}
