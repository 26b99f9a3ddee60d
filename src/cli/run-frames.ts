import type { Frame, Result } from "../app/frame.ts";
import type { FeedEvent } from "../core/changes/feed-event.ts";
import type { TextSink } from "./present/output-sink.ts";
import type { ProgressReporter } from "./present/progress.ts";

/** What the terminal does about what happens while a command runs. */
interface Hearing {
  readonly progress: ProgressReporter;
  readonly note: (text: string) => void;
  readonly detail: (text: string) => void;
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  /** Where long text goes, of a command that gives any. */
  readonly sink: TextSink | undefined;
  /** What is done about an event. */
  readonly event: (event: FeedEvent) => Promise<void>;
}

/** Lets an operation run to its end, and gives its result. Throws what it threw. */
export async function resultOf(frames: AsyncIterable<Frame>, hearing: Hearing): Promise<Result> {
  const { sink } = hearing;
  try {
    const result = await lastOf(frames, hearing);
    await sink?.finish();
    return result;
  } catch (error) {
    await sink?.discard();
    throw error;
  } finally {
    hearing.progress.clear();
  }
}

async function lastOf(
  frames: AsyncIterable<Frame>,
  { progress, note, detail, confirm, sink, event }: Hearing,
): Promise<Result> {
  for await (const frame of frames) {
    if (frame.kind === "result") return frame.result;
    if (frame.kind === "error") throw frame.error;
    if (frame.kind === "progress") {
      progress.report(frame.progress);
      continue;
    }
    progress.clear();
    if (frame.kind === "note") note(frame.text);
    if (frame.kind === "detail") detail(frame.text);
    if (frame.kind === "ask") frame.answer(await confirm(frame.question));
    if (frame.kind === "event") {
      await event(frame.event);
      frame.taken();
    }
    if (frame.kind === "chunk") {
      await sink?.write(frame.text);
      frame.taken();
    }
  }
  throw new Error("an operation ended without a result");
}
