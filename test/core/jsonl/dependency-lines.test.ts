import { describe, expect, test } from "vitest";
import { parseDependencyLines } from "../../../src/core/jsonl/dependency-lines.ts";
import { refusal } from "../refusal.ts";

describe("parseDependencyLines", () => {
  test("reads both spellings, and passes over blank lines", () => {
    const text = '{"from":"a","to":"b"}\n\n{"issue_id":"c","depends_on_id":"d","type":"related"}\n';
    expect(parseDependencyLines(text)).toEqual([
      { issue: "a", depends_on: "b" },
      { issue: "c", depends_on: "d", type: "related" },
    ]);
  });

  test("names every bad line by its number", () => {
    expect(refusal(() => parseDependencyLines('nope\n{"from":"a","to":"b"}\n{"from":"a"}'))).toEqual({
      kind: "usage",
      code: "INVALID_LINES",
      message: "no dependency was added: line 1: it is not JSON; line 3: it has neither to nor depends_on_id",
    });
  });

  test("refuses a file without a line", () => {
    expect(refusal(() => parseDependencyLines("\n")).message).toBe("no dependency was added: there are no lines");
  });
});
