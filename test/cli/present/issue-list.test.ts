import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { View } from "../../../src/cli/command.ts";
import { COLUMN_NAMES, isColumnName } from "../../../src/cli/present/issue-columns.ts";
import { listLines, presentList } from "../../../src/cli/present/issue-list.ts";
import type { ListedIssue } from "../../../src/cli/present/listed-issue.ts";
import { displayWidth } from "../../../src/cli/present/text/display-width.ts";
import { UTC } from "../../../src/core/time/time-zone.ts";

function viewOf(view: Partial<View>): View & { readonly printed: string[] } {
  const printed: string[] = [];
  return {
    printed,
    line: (text = "") => void printed.push(text),
    note: () => {},
    style: (_format, text) => text,
    columns: 80,
    isTerminal: true,
    quiet: false,
    args: [],
    flags: {},
    now: new Date("2026-11-30T12:00:00Z"),
    zone: UTC,
    ...view,
  };
}

function issueOf(issue: Partial<ListedIssue>): ListedIssue {
  return {
    id: "bd-a1b",
    title: "Fix login",
    status: "open",
    priority: 2,
    issue_type: "task",
    created_at: "2026-11-27T12:00:00Z",
    updated_at: "2026-11-27T12:00:00Z",
    ...issue,
  };
}

const FAMILY = [
  issueOf({
    id: "bd-a1b",
    title: "Fix login",
    priority: 0,
    issue_type: "bug",
    assignee: "bob",
    labels: ["auth", "ui"],
  }),
  issueOf({ id: "bd-c3d.1", title: "漢字のタイトル 👩‍🚀", waits: ["bd-a1b"], due_at: "2026-12-25T00:00:00Z" }),
  issueOf({
    id: "bd-e5f",
    title: "A title of many words, so many that no list has room for it",
    defer_until: "2026-12-20T15:30:00Z",
  }),
];

test("in a pipe every text is whole, and nothing stands under the list", () => {
  const view = viewOf({ isTerminal: false });
  presentList(
    FAMILY.map((issue) => ({ issue })),
    view,
  );

  expect(view.printed).toEqual([
    "○ bd-a1b    P0  bug  Fix login                                                    @bob  [auth, ui]",
    "● bd-c3d.1  P2       漢字のタイトル 👩‍🚀                                            waits for bd-a1b  due 2026-12-25",
    "❄ bd-e5f    P2       A title of many words, so many that no list has room for it  until 2026-12-20 15:30",
  ]);
});

test("on a terminal it is cut to its width: ids stay, titles give way, then what few issues have", () => {
  const printed = [100, 70, 44].map((columns) => {
    const view = viewOf({ columns });
    presentList(
      FAMILY.map((issue) => ({ issue })),
      view,
    );
    return `${view.printed.join("\n")}\n`;
  });

  expect(printed.join("\n")).toMatchInlineSnapshot(`
    "○ bd-a1b    P0  bug  Fix login                                      @bob  [auth, ui]
    ● bd-c3d.1  P2       漢字のタイトル 👩‍🚀                              waits for bd-a1b  due 2026-12-25
    ❄ bd-e5f    P2       A title of many words, so many that no list has room f…  until 2026-12-20 15:30
    3 issues:  ○ open  ● blocked  ❄ deferred

    ○ bd-a1b    P0  bug  Fix login                @bob  [auth, ui]
    ● bd-c3d.1  P2       漢字のタイトル 👩‍🚀        waits for bd-a1b  due…
    ❄ bd-e5f    P2       A title of many words,…  until 2026-12-20 15:30
    3 issues:  ○ open  ● blocked  ❄ deferred

    ○ bd-a1b    P0  bug  Fix login
    ● bd-c3d.1  P2       漢字のタイトル 👩‍🚀
    ❄ bd-e5f    P2       A title of many words,…
    3 issues:  ○ open  ● blocked  ❄ deferred
    "
  `);
});

const word = fc.string({ unit: "grapheme", maxLength: 30 });
const issue = fc
  .record({
    id: fc.oneof(fc.constant("bd-a1b"), fc.string({ unit: "grapheme", minLength: 1, maxLength: 255 })),
    title: fc.array(word, { maxLength: 20 }).map((words) => words.join(" ")),
    status: fc.constantFrom("open", "closed", "pinned", "in_progress", "shipped"),
    priority: fc.integer({ min: 0, max: 4 }),
    issue_type: fc.oneof(fc.constantFrom("task", "bug"), word),
    assignee: fc.option(word, { nil: undefined }),
    labels: fc.array(word, { maxLength: 5 }),
    waits: fc.array(word, { maxLength: 5 }),
    due_at: fc.constantFrom(undefined, "2026-12-25T00:00:00Z"),
    within: fc.option(word, { nil: undefined }),
  })
  .map(({ assignee, due_at, ...rest }) =>
    issueOf({ ...rest, ...(assignee === undefined ? {} : { assignee }), ...(due_at === undefined ? {} : { due_at }) }),
  );
const columnNames = fc.option(fc.subarray(COLUMN_NAMES.filter(isColumnName), { minLength: 1 }), { nil: undefined });

test("no line of a list is wider than the terminal, unless the id alone is: that is never cut", () => {
  fc.assert(
    fc.property(
      fc.array(issue, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 5, max: 200 }),
      fc.nat(60),
      columnNames,
      (issues, width, depth, columns) => {
        const branch = `${"│   ".repeat(depth)}└── `;
        const lines = listLines(
          issues.map((one) => ({ issue: one, branch })),
          viewOf({ columns: width }),
          { columns },
        );
        for (const [at, line] of lines.entries()) {
          const id = issues[at]?.id ?? "";
          if (columns === undefined || columns.includes("id")) expect(line).toContain(id);
          if (!line.endsWith(id)) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
        }
      },
    ),
  );
});

test("nothing stands under a list for those who want quiet", () => {
  const view = viewOf({ quiet: true });
  presentList([{ issue: issueOf({}) }], view);
  expect(view.printed).toHaveLength(1);
});
