import { isBlockingType } from "../../core/dependency/dependency-type.ts";

/** Which waits for which; of other types, what they say. */
export function edgeSentence(from: string, type: string, to: string): string {
  return isBlockingType(type) ? `${from} waits for ${to} (${type})` : `${from} depends on ${to} (${type})`;
}
