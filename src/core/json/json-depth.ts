/** Whoever prints or compares a value walks down into it, which takes stack. */
export const DEEPEST_JSON = 500;

/** For a value that JSON gave: whether lists and objects stand in one another deeper than we walk. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_JSON) return true;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return false;
}
