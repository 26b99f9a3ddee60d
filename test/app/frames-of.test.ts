import { expect, test } from "vitest";
import type { Frame, Result } from "../../src/app/frame.ts";
import { framesOf } from "../../src/app/frames-of.ts";
import { Interruption } from "../../src/errors.ts";
import type { Ears } from "../../src/ops/context.ts";

const RESULT: Result = { output: "done", failures: [], seen: undefined, payload: () => "done" };

function frames(work: (ears: Ears, signal: AbortSignal) => Promise<Result>, signal = new AbortController().signal) {
  return framesOf(work, signal);
}

async function kindsOf(all: AsyncIterable<Frame>): Promise<string[]> {
  const kinds: string[] = [];
  for await (const frame of all) kinds.push(frame.kind);
  return kinds;
}

test("frames come in the order in which they are made, and the result is the last", async () => {
  const all = frames(async ({ note, detail, progress }) => {
    note("one");
    await Promise.resolve();
    detail("two");
    progress({ task: "three", done: 1 });
    return RESULT;
  });
  expect(await kindsOf(all)).toEqual(["note", "detail", "progress", "result"]);
});

test("what the work throws is the last frame, whatever it is", async () => {
  const thrown: unknown[] = [];
  for await (const frame of frames(() => Promise.reject(new TypeError("a bug")))) {
    if (frame.kind === "error") thrown.push(frame.error);
  }
  expect(thrown).toEqual([new TypeError("a bug")]);
});

test("the next chunk is made when the last has been taken", async () => {
  const made: string[] = [];
  const taken: string[] = [];
  const all = frames(async ({ chunk }) => {
    for (const text of ["a", "b", "c"]) {
      made.push(text);
      await chunk(text);
    }
    return RESULT;
  });
  for await (const frame of all) {
    if (frame.kind !== "chunk") continue;
    await new Promise(setImmediate);
    taken.push(frame.text);
    expect(made).toEqual(taken);
    frame.taken();
  }
  expect(taken).toEqual(["a", "b", "c"]);
});

test("a question waits for its answer", async () => {
  const all = frames(async ({ confirm }) => ({ ...RESULT, output: await confirm("sure?") }));
  let output: unknown;
  for await (const frame of all) {
    if (frame.kind === "ask") frame.answer(false);
    if (frame.kind === "result") output = frame.result.output;
  }
  expect(output).toBe(false);
});

test.each([
  ["a note", ({ note }: Ears) => Promise.resolve(note("half"))],
  ["a chunk that nobody takes", ({ chunk }: Ears) => chunk("half")],
  ["a question that nobody answers", ({ confirm }: Ears) => confirm("sure?")],
])("whoever leaves at %s interrupts the work, and is back when it has ended", async (_name, begin) => {
  let ended = "not yet";
  const all = frames(async (ears, signal) => {
    try {
      await begin(ears);
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    } finally {
      await new Promise(setImmediate);
      ended = String(signal.reason instanceof Interruption);
    }
    return RESULT;
  });
  await all.next();
  await all.return();
  expect(ended).toBe("true");
});

test("an aborted signal reaches the work with its reason", async () => {
  const stop = new AbortController();
  const reason = new Interruption(new AbortController().signal);
  const all = frames(async ({ note }, signal) => {
    note("begun");
    await new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    return RESULT;
  }, stop.signal);
  const errors: unknown[] = [];
  for await (const frame of all) {
    if (frame.kind === "note") stop.abort(reason);
    if (frame.kind === "error") errors.push(frame.error);
  }
  expect(errors).toEqual([reason]);
});
