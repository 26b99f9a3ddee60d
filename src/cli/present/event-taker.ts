import type { FeedEvent } from "../../core/changes/feed-event.ts";
import type { EventHandler } from "../command.ts";
import type { CursorFile } from "../cursor-file.ts";
import type { Env } from "../env.ts";
import { styleFor } from "../terminal.ts";
import { moreIndented, safeOutput } from "./text/safe-text.ts";

export interface TakerOptions extends Pick<Env, "terminal" | "place"> {
  readonly isJson: boolean;
  /** Where the cursor after each event is left. */
  readonly cursorFile: CursorFile | undefined;
}

/** Prints each event as it comes, lets the command do what it does about it, and then leaves the cursor after it. */
export function eventTaker(
  handler: EventHandler,
  { terminal, place, isJson, cursorFile }: TakerOptions,
): (event: FeedEvent) => Promise<void> {
  const { stdout } = terminal;
  const view = { style: styleFor(stdout, place.env), zone: place.zone };
  return async (event) => {
    const text = isJson ? JSON.stringify(event) : moreIndented(handler.line(safeOutput(event), view));
    stdout.write(`${text}\n`);
    await stdout.drained();
    await handler.taken?.(event);
    cursorFile?.leave({ commit: event.cursor });
  };
}
