import { expect, test } from "vitest";
import { CHANGE_STEPS } from "../../../src/core/changes/change-event.ts";
import { STATE_KEYS } from "../../../src/core/changes/state-tables.ts";
import { readDocuments } from "../../support/documents.ts";
import { MERGED_TABLES } from "../merge/any-row.ts";

const text = readDocuments().find(({ path }) => path === "docs/changes.md")?.text ?? "";

test("docs/changes.md says of every table with a history whether it is state", () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \| (yes|no) \|/gm)];

  const isState = new Map(rows.map(([, table, word]) => [table, word === "yes"]));
  const wanted = Object.keys(MERGED_TABLES).map((table) => [table, Object.hasOwn(STATE_KEYS, table)] as const);
  expect(isState).toEqual(new Map(wanted));
});

test("docs/changes.md has all types of events in their order", () => {
  const rows = [...text.matchAll(/^\| \d \| (.+) \|$/gm)];

  const steps = rows.map(([, types]) => [...(types ?? "").matchAll(/`(\w+)`/g)].map(([, type]) => type));
  expect(steps).toEqual(CHANGE_STEPS);
});
