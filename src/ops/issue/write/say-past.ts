import { toWireTime } from "../../../core/time/wire-time.ts";
import type { BaseContext } from "../../context.ts";

/** Who puts work off until a time that is over has mistyped it, mostly. `until` is the wire time that the words mean. */
export function sayPast(context: Pick<BaseContext, "note" | "clock">, words = "", until: string | undefined): void {
  if (until === undefined || until > toWireTime(context.clock())) return;
  context.note(`${JSON.stringify(words)} is in the past: nothing is put off`);
}
