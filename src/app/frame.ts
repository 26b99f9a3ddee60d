import type { FeedEvent } from "../core/changes/feed-event.ts";
import type { Progress } from "../ops/context.ts";
import type { ItemFailure } from "../ops/operation.ts";
import type { SeenHead } from "../store/session-types.ts";

/** What a caller gets of a running operation, in the order in which it happens. The last is `result` or `error`. */
export type Frame =
  /** A line for people, beside the result. */
  | { readonly kind: "note"; readonly text: string }
  /** A line for those who want to know how it is done. */
  | { readonly kind: "detail"; readonly text: string }
  | { readonly kind: "progress"; readonly progress: Progress }
  /** A question to the person. Whoever hears it answers, undefined where there is nobody to ask; it waits for that. */
  | { readonly kind: "ask"; readonly question: string; readonly answer: (yes: boolean | undefined) => void }
  /** A piece of a long text. The next is made when this one was said to be taken. */
  | { readonly kind: "chunk"; readonly text: string; readonly taken: () => void }
  /** Something that happened in the tracker. The next comes when this one was said to be taken. */
  | { readonly kind: "event"; readonly event: FeedEvent; readonly taken: () => void }
  | { readonly kind: "result"; readonly result: Result }
  /** A `BdError`; anything else is a bug. */
  | { readonly kind: "error"; readonly error: unknown };

export interface Result {
  /** For whoever shows it to people. */
  readonly output: unknown;
  /** What did not work of several things, while the others did. */
  readonly failures: readonly ItemFailure[];
  /** The JSON of the output, by the operation's wire; undefined for none. */
  readonly payload: () => unknown;
  /** The newest commit that the operation saw, where the caller wants to know: what comes after it is news. */
  readonly seen: SeenHead | undefined;
}
