import * as z from "zod/mini";
import { cursorText, parseCursor } from "../../core/changes/cursor.ts";
import { requireCommit } from "../dolt/require-commit.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";
import { EventFilter } from "./event-filter.ts";
import { type Position, reportEvents } from "./report-events.ts";

const ListInput = z.strictObject({
  /** A cursor; without one, all that ever happened. */
  since: z.optional(z.string()),
  /** A commit's hash, or its beginning; by default the newest commit. */
  to: z.optional(z.string()),
  filter: EventFilter,
});

export interface Followed {
  /** Where to go on. */
  readonly cursor: string;
  /** How many events were said. */
  readonly events: number;
}

export const followedSchema = () => z.looseObject({ type: z.literal("end"), cursor: z.string(), events: natural() });

/**
 * Says what happened since a cursor, event by event, and does not wait. Throws BdError usage CURSOR_INVALID, not-found
 * COMMIT_NOT_FOUND.
 */
export const listChanges = defineOperation({
  name: "change.list",
  access: "read",
  input: ListInput,
  async run(context, { since, to, filter }: z.infer<typeof ListInput>): Promise<Followed> {
    const position: Position = { cursor: since === undefined ? undefined : parseCursor(since), said: 0 };
    const end = to === undefined ? undefined : await context.read((reader) => requireCommit(reader, to));
    await reportEvents(context, position, { filter: () => filter, to: end });
    return { cursor: position.cursor === undefined ? "" : cursorText(position.cursor), events: position.said };
  },
  wire: { of: (followed) => ({ type: "end", ...followed }), schema: followedSchema },
});
