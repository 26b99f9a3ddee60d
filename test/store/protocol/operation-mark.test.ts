import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Issue } from "../../../src/core/issue/issue.ts";
import { writesIgnoredTable } from "../../../src/store/protocol/operation-mark.ts";
import { replaceIssues } from "../../../src/store/queries/import-writes.ts";
import { insertEvents, insertNamedEvents } from "../../../src/store/queries/write-events.ts";
import {
  deleteDependency,
  deleteLabels,
  type FamilyNames,
  ISSUES,
  insertComments,
  insertDependencies,
  insertIssues,
  insertLabels,
  updateIssue,
  WISPS,
} from "../../../src/store/queries/write-issues.ts";

const AT = "2026-01-01T00:00:00Z";
const ISSUE: Issue = {
  id: "x-wisp",
  title: "insert into wisps",
  status: "open",
  priority: 2,
  issue_type: "task",
  created_at: AT,
  updated_at: AT,
};
const EDGE = { issue_id: "x-1", depends_on_id: "x-2", type: "blocks", created_at: AT };
const COMMENT = { id: "c", issue_id: "x-1", author: "a", text: "update wisps", created_at: AT };

/** Every way to write into a family of tables. */
const writesInto = (family: FamilyNames) => ({
  deleteDependency: deleteDependency(family, { issueId: "x-1", dependsOnId: "x-2" }),
  deleteLabels: deleteLabels(family, "x-1", ["wisps"]),
  insertComments: insertComments(family, [COMMENT]),
  insertDependencies: insertDependencies(family, [EDGE]),
  insertEvents: insertEvents(family, [{ issue_id: "x-1", event_type: "created" }], {
    actor: "a",
    at: AT,
    newId: () => "e",
  }),
  insertIssues: insertIssues(family, [{ issue: ISSUE, contentHash: "" }]),
  insertNamedEvents: insertNamedEvents(family, [
    { id: "e", issue_id: "x-1", event_type: "created", actor: "a", at: AT },
  ]),
  insertLabels: insertLabels(family, [{ issue_id: "x-1", label: "wisps" }]),
  replaceIssues: replaceIssues(family, [ISSUE]),
  updateIssue: updateIssue(family, "x-1", { title: "update wisps" }),
});

test("writes into wisps are told from writes into issues", () => {
  for (const [name, { statements }] of Object.entries(writesInto(WISPS)))
    expect({ name, is: statements.every(writesIgnoredTable) }).toEqual({ name, is: true });
  for (const [name, { statements }] of Object.entries(writesInto(ISSUES)))
    expect({ name, is: statements.some(writesIgnoredTable) }).toEqual({ name, is: false });
});

test("every function that writes into a family of tables is in this test", () => {
  const folder = join(import.meta.dirname, "../../../src/store/queries");
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const names = sources.flatMap((source) =>
    [...source.matchAll(/^export function (\w+)\(\s*family: FamilyNames/gm)].map(([, name]) => name),
  );
  expect(new Set(names)).toEqual(new Set(Object.keys(writesInto(WISPS))));
});
