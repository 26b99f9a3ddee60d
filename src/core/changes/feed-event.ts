import * as z from "zod/mini";
import { type ChangeEvent, changeEventSchema } from "./change-event.ts";

/**
 * The history no longer holds the commit that the reader's cursor names: it was rewritten, or the cursor is another
 * tracker's. What happened in between nobody can say; whoever holds a state reads it anew, as it is at `cursor`.
 */
export interface Resync {
  readonly type: "resync";
  readonly cursor: string;
  /** When it was noticed; wire time. */
  readonly at: string;
}

/** What somebody hears who follows a tracker. */
export type FeedEvent = ChangeEvent | Resync;

export function feedEventSchema() {
  return z.union([changeEventSchema, z.looseObject({ type: z.literal("resync"), cursor: z.string(), at: z.string() })]);
}
