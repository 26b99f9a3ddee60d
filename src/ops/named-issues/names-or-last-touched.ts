import { BdError, command } from "../../errors.ts";
import type { BaseContext } from "../context.ts";

/** The issues of a command, as somebody named them. */
export interface Named {
  readonly names: readonly string[];
  /** They are whole ids, of which no part may stand for another issue. */
  readonly whole: boolean;
}

/** The given names, or the issue that the last command of this session was about, and says which. Throws BdError usage NO_ISSUE. */
export async function namesOrLastTouched(
  names: readonly string[],
  { lastTouched, note }: Pick<BaseContext, "lastTouched" | "note">,
): Promise<Named> {
  if (names.length > 0) return { names, whole: false };
  const last = await lastTouched.read();
  if (last !== undefined) {
    note(`no issue was named: this is about ${last}, which this session touched last`);
    return { names: [last], whole: true };
  }
  throw new BdError("usage", "NO_ISSUE", "no issue was named, and this session has touched none before", {
    hint: command`bd list`,
  });
}
