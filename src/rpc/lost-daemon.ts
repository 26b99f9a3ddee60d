import type { Writing } from "./protocol.ts";

/** What is known of a line whose daemon ended in the middle of it. */
export interface LostDaemon {
  /** Changes that it had begun to commit, oldest first; one that was tried again is there again. */
  readonly writings: readonly Writing[];
  /** Whether the line can't begin anew: some of its output was shown, or some of its input is gone. */
  readonly isBegun: boolean;
}
