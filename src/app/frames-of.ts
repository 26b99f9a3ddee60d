import { Interruption } from "../errors.ts";
import type { Ears } from "../ops/context.ts";
import type { Frame, Result } from "./frame.ts";

/**
 * The frames of some work, which is handed ears that make them. Whoever stops reading before the end interrupts the work,
 * and waits until it has ended.
 */
export async function* framesOf(
  work: (ears: Ears, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<Frame, void, void> {
  const waiting: Frame[] = [];
  let wake = () => {};
  const give = (frame: Frame) => {
    waiting.push(frame);
    wake();
  };
  const left = new AbortController();
  /** A frame whose maker waits until the reader is done with it. */
  const answered = <T>(frameFor: (resolve: (value: T) => void) => Frame) =>
    new Promise<T>((resolve, reject) => {
      left.signal.throwIfAborted();
      const leave = () => reject(left.signal.reason);
      left.signal.addEventListener("abort", leave, { once: true });
      give(
        frameFor((value) => {
          left.signal.removeEventListener("abort", leave);
          resolve(value);
        }),
      );
    });
  const ears: Ears = {
    note: (text) => give({ kind: "note", text }),
    detail: (text) => give({ kind: "detail", text }),
    progress: (progress) => give({ kind: "progress", progress }),
    confirm: (question) => answered((answer) => ({ kind: "ask", question, answer })),
    chunk: (text) => answered((taken) => ({ kind: "chunk", text, taken })),
    event: (event) => answered((taken) => ({ kind: "event", event, taken })),
  };
  const ended = work(ears, AbortSignal.any([signal, left.signal])).then(
    (result) => give({ kind: "result", result }),
    (error: unknown) => give({ kind: "error", error }),
  );
  try {
    for (;;) {
      const frame = waiting.shift();
      if (frame !== undefined) yield frame;
      if (frame?.kind === "result" || frame?.kind === "error") return;
      if (waiting.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    left.abort(new Interruption(left.signal));
    await ended;
  }
}
