import type { Progress } from "../../ops/context.ts";
import type { OutputStream } from "../terminal.ts";
import { safeMessage } from "./text/safe-text.ts";

export interface ProgressReporter {
  readonly report: (event: Progress) => void;
  /** Takes the line away, before something else is written. */
  readonly clear: () => void;
}

/** One line on stderr that says how far long work is; only where somebody watches. */
export function progressReporter(stderr: OutputStream, quiet: boolean): ProgressReporter {
  let shown = 0;
  const clear = () => {
    if (shown > 0) stderr.write(`\r${" ".repeat(shown)}\r`);
    shown = 0;
  };
  return {
    clear,
    report({ task, done, total }) {
      if (quiet || !stderr.isTerminal) return;
      const text = safeMessage(total === undefined ? `${task}: ${done}` : `${task}: ${done} of ${total}`);
      clear();
      stderr.write(text.slice(0, stderr.columns - 1));
      shown = Math.min(text.length, stderr.columns - 1);
    },
  };
}
