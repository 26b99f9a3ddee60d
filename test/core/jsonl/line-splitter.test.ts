import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter } from "../../../src/core/jsonl/line-splitter.ts";

function split(chunks: readonly Uint8Array[], maxBytes?: number) {
  const splitter = new LineSplitter(maxBytes);
  return [...chunks.flatMap((chunk) => [...splitter.push(chunk)]), ...splitter.end()];
}

const bytes = (text: string) => Buffer.from(text);

describe("LineSplitter", () => {
  test("numbers lines from 1, and takes a last line without a newline", () => {
    expect(split([bytes("a\n\nb")])).toEqual([
      { number: 1, text: "a" },
      { number: 2, text: "" },
      { number: 3, text: "b" },
    ]);
  });

  test("gives no line after the last newline, and none for an empty stream", () => {
    expect(split([bytes("a\n")])).toEqual([{ number: 1, text: "a" }]);
    expect(split([])).toEqual([]);
  });

  test("puts characters together that were cut between chunks, wherever the cuts are", () => {
    const text = "é😀\nשלום\n";
    const whole = split([bytes(text)]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes(text).length), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes(text).length];
        const chunks = places.slice(1).map((end, index) => bytes(text).subarray(places[index], end));
        expect(split(chunks)).toEqual(whole);
      }),
    );
  });

  test("drops a line over the limit and goes on with the next", () => {
    expect(split([bytes("12345"), bytes("6\nok\n")], 5)).toEqual([
      { number: 1, text: "", problem: "it is longer than 5 bytes" },
      { number: 2, text: "ok" },
    ]);
  });

  test("tells of a line that is not UTF-8", () => {
    expect(split([Uint8Array.of(0xff, 0x0a)])).toEqual([{ number: 1, text: "", problem: "it is not UTF-8" }]);
  });

  test("takes no notice of a byte order mark", () => {
    expect(split([bytes("\uFEFFa\n")])).toEqual([{ number: 1, text: "a" }]);
  });
});
