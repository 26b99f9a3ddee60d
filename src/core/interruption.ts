import { Interruption } from "../errors.ts";

/**
 * Calls `first` when the signal aborts, and `again` when that is repeated; at once where it has happened already. Gives the
 * function that stops listening.
 */
export function onInterruption(
  signal: AbortSignal,
  { first, again }: { readonly first: () => void; readonly again: () => void },
): () => void {
  const listening = new AbortController();
  const { signal: until } = listening;
  const once = (from: AbortSignal, act: () => void) => {
    if (from.aborted) act();
    else from.addEventListener("abort", act, { once: true, signal: until });
  };
  once(signal, () => {
    first();
    const { reason } = signal;
    if (reason instanceof Interruption && !until.aborted) once(reason.again, again);
  });
  return () => listening.abort();
}
