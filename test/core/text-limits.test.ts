import { describe, expect, test } from "vitest";
import { checkLabel, checkText, checkTexts, checkTitle } from "../../src/core/text-limits.ts";
import { refusal } from "./refusal.ts";

describe("checkTitle", () => {
  test.each(["x", "🐛".repeat(500), "שלום `code` \"quoted\" 'single'", "x".repeat(500)])("takes %j", (title) => {
    expect(() => checkTitle(title)).not.toThrow();
  });

  test.each(["", "   ", "\n\t"])("refuses %j as empty", (title) => {
    expect(refusal(() => checkTitle(title))).toEqual({
      kind: "usage",
      code: "TITLE_REQUIRED",
      message: "title is required",
    });
  });

  test("refuses 501 characters, counting code points", () => {
    expect(refusal(() => checkTitle("🐛".repeat(501)))).toEqual({
      kind: "usage",
      code: "TEXT_TOO_LONG",
      message: "title must be 500 characters or less (got 501)",
    });
  });

  test("refuses NUL", () => {
    expect(refusal(() => checkTitle("a\0b"))).toEqual({
      kind: "usage",
      code: "INVALID_TEXT",
      message: "title holds a NUL character",
    });
  });
});

describe("checkText", () => {
  test("a long text takes 65,535 bytes of UTF-8", () => {
    expect(() => checkText("description", "x".repeat(65_535))).not.toThrow();
    expect(() => checkText("description", "€".repeat(21_845))).not.toThrow();
  });

  test.each([
    ["description", "x".repeat(65_536), "description is 65536 bytes, over the limit of 65535 bytes"],
    ["text", "€".repeat(21_846), "text is 65538 bytes, over the limit of 65535 bytes"],
    ["assignee", "x".repeat(256), "assignee is 256 characters, over the limit of 255 characters"],
    ["external_ref", "x".repeat(256), "external_ref is 256 characters, over the limit of 255 characters"],
    ["spec_id", "x".repeat(1025), "spec_id is 1025 characters, over the limit of 1024 characters"],
    ["author", "x".repeat(256), "author is 256 characters, over the limit of 255 characters"],
    ["status", "x".repeat(33), "status is 33 characters, over the limit of 32 characters"],
  ] as const)("refuses %s that is too long, with size and limit", (field, value, message) => {
    expect(refusal(() => checkText(field, value))).toEqual({ kind: "usage", code: "TEXT_TOO_LONG", message });
  });

  test("NUL may stand in long texts only", () => {
    expect(() => checkText("notes", "a\0b")).not.toThrow();
    expect(refusal(() => checkText("assignee", "a\0b")).message).toBe("assignee holds a NUL character");
  });

  test("half a surrogate pair is refused everywhere, because UTF-8 has no form for it", () => {
    expect(refusal(() => checkText("notes", "a\ud83d"))).toEqual({
      kind: "usage",
      code: "INVALID_TEXT",
      message: "notes holds half of a surrogate pair",
    });
  });
});

test("checkTexts looks at every text of a patch and passes over the rest", () => {
  expect(() => checkTexts({ title: "x", priority: 1, notes: null, unknown: "x".repeat(99_999) })).not.toThrow();
  expect(refusal(() => checkTexts({ priority: 1, sender: "x".repeat(256) })).message).toBe(
    "sender is 256 characters, over the limit of 255 characters",
  );
});

test("a label is one line that is not empty", () => {
  expect(() => checkLabel("needs review: UI")).not.toThrow();
  expect(refusal(() => checkLabel("  ")).code).toBe("LABEL_REQUIRED");
  expect(refusal(() => checkLabel("x".repeat(256))).message).toBe(
    "label is 256 characters, over the limit of 255 characters",
  );
});
