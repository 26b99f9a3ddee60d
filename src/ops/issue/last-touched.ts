import { BdError, command } from "../../errors.ts";
import type { LastTouched } from "../context.ts";

/** The given names, or the issue that the last command was about. Throws BdError usage NO_ISSUE. */
export function namesOrLastTouched(names: readonly string[], lastTouched: LastTouched): readonly string[] {
  if (names.length > 0) return names;
  const last = lastTouched.read();
  if (last !== undefined) return [last];
  throw new BdError("usage", "NO_ISSUE", "no issue was named, and none was touched before", { hint: command`bd list` });
}
