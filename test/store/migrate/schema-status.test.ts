import { describe, expect, test } from "vitest";
import type { Migration } from "../../../src/store/migrate/read-migrations.ts";
import { schemaStatus } from "../../../src/store/migrate/schema-status.ts";

const one: Migration = { version: 1, name: "0001_create_a", local: false, statements: [] };
const two: Migration = { version: 2, name: "0002_create_b", local: false, statements: [] };

describe("schemaStatus", () => {
  test.each([
    { have: [], status: { kind: "empty", have: 0, want: 2, pending: [one, two] } },
    { have: [1], status: { kind: "older", have: 1, want: 2, pending: [two] } },
    { have: [1, 2], status: { kind: "current", have: 2, want: 2, pending: [] } },
    { have: [2], status: { kind: "older", have: 2, want: 2, pending: [one] } },
    { have: [1, 2, 3], status: { kind: "newer", have: 3, want: 2, pending: [] } },
  ])("tells what versions $have mean", ({ have, status }) => {
    expect(schemaStatus(have, [one, two])).toEqual(status);
  });
});
