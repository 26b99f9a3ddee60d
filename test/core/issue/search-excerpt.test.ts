import { describe, expect, test } from "vitest";
import type { Issue } from "../../../src/core/issue/issue.ts";
import { foundIn } from "../../../src/core/issue/search-excerpt.ts";

const ISSUE: Issue = {
  id: "bd-a1",
  title: "Login fails",
  status: "open",
  priority: 2,
  issue_type: "task",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

describe("where words were found", () => {
  test("names each text that holds one of them, whatever the case", () => {
    const issue = { ...ISSUE, description: "The LOGIN page", notes: "nothing", external_ref: "gh-login" };

    expect(foundIn(issue, ["a comment", "fails again"], ["login", "fails"])).toEqual([
      { field: "title", text: "Login fails" },
      { field: "description", text: "The LOGIN page" },
      { field: "external_ref", text: "gh-login" },
      { field: "comments", text: "fails again" },
    ]);
  });

  test("shows what stands around the first word, cut at blanks, in one line", () => {
    const before = "one two three four five six seven eight nine ten\n\n";
    const description = `${before}needle\tand a second needle ${"word ".repeat(40)}`;

    expect(foundIn({ ...ISSUE, description }, [], ["second", "needle"])).toEqual([
      { field: "description", text: "…six seven eight nine ten needle and a second needle word word word word word…" },
    ]);
  });

  test("cuts text without blanks, and no character in two", () => {
    const [found] = foundIn({ ...ISSUE, description: `${"😀".repeat(40)}needle${"x".repeat(100)}` }, [], ["needle"]);

    expect(found?.text).toMatch(/^….*needlex+…$/u);
    expect(found?.text.isWellFormed()).toBe(true);
  });

  test.each(["a.c", "(", "[x", "100%", "a|b", "\\", "a-b/c", "^$"])("takes %j literally", (word) => {
    expect(foundIn({ ...ISSUE, title: "abc" }, [], [word])).toEqual([]);
    expect(foundIn({ ...ISSUE, title: `x${word}y` }, [], [word])).toMatchObject([{ field: "title" }]);
  });

  test("folds the letters of other scripts", () => {
    expect(foundIn({ ...ISSUE, title: "ΟΔΟΣ" }, [], ["οδος"])).toMatchObject([{ field: "title" }]);
  });
});
