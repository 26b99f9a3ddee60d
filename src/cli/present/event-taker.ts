import type { FeedEvent } from "../../core/changes/feed-event.ts";
import type { EventHandler } from "../command.ts";
import { leaveCursor } from "../cursor-file.ts";
import type { Env } from "../env.ts";
import { styleFor } from "../terminal.ts";
import { moreIndented, safeOutput } from "./text/safe-text.ts";

interface TakerOptions extends Pick<Env, "terminal" | "place"> {
  readonly isJson: boolean;
  /** Where the cursor after each event is left. */
  readonly cursorFile: string | undefined;
}

/** Prints each event as it comes, lets the command do what it does about it, and then leaves the cursor after it. */
export function eventTaker(
  handler: EventHandler | undefined,
  { terminal, place, isJson, cursorFile }: TakerOptions,
): (event: FeedEvent) => Promise<void> {
  const { stdout } = terminal;
  const view = { style: styleFor(stdout, place.env), zone: place.zone };
  return async (event) => {
    const text = isJson ? JSON.stringify(event) : handler && moreIndented(handler.line(safeOutput(event), view));
    if (text !== undefined) stdout.write(`${text}\n`);
    await stdout.drained();
    await handler?.taken?.(event);
    leaveCursor(cursorFile, { commit: event.cursor });
  };
}
