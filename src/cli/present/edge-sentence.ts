import { isBlockingType } from "../../core/dependency/dependency-type.ts";

/** Which waits for which, and which is part of which; of other types, what they say. */
export function edgeSentence(from: string, type: string, to: string): string {
  if (type === "parent-child") return `${from} belongs to ${to} (${type})`;
  return isBlockingType(type) ? `${from} waits for ${to} (${type})` : `${from} depends on ${to} (${type})`;
}
