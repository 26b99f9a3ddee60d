import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MERGE_RULES, RULE_MEANINGS, ruleEntries, ruleOf } from "../../../src/core/merge/merge-rules.ts";
import { MERGED_TABLES } from "./any-row.ts";

const document = readFileSync(new URL("../../../docs/merge-rules.md", import.meta.url), "utf8");

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

describe("the rules", () => {
  test("name every table and column that has a history once, and no other", () => {
    const ruled = Object.entries(MERGE_RULES).flatMap(([table, rules]) =>
      ruleEntries(rules).flatMap(([, columns]) => columns.map((column) => `${table}.${column}`)),
    );
    const stored = Object.entries(MERGED_TABLES).flatMap(([table, columns]) =>
      Object.keys(columns).map((column) => `${table}.${column}`),
    );

    expect(ruled.toSorted()).toEqual(stored.toSorted());
  });

  test("give a column that a newer program added the later change", () => {
    expect(ruleOf("issues", "mood")).toBe("later");
    expect(ruleOf("sprints", "goal")).toBe("later");
  });

  test("stand in docs/merge-rules.md with what they mean", () => {
    const lines = Object.entries(RULE_MEANINGS).map(([rule, meaning]) => `| \`${rule}\` | ${meaning} |`);

    expect(document).toContain(["| rule | the cell becomes |", "|---|---|", ...lines, ""].join("\n"));
  });

  test("stand in docs/merge-rules.md for every column", () => {
    const lines = Object.entries(MERGE_RULES).flatMap(([table, rules]) =>
      ruleEntries(rules).map(([rule, columns]) => `| \`${table}\` | \`${rule}\` | ${code(columns)} |`),
    );

    expect(document).toContain(["| table | rule | columns |", "|---|---|---|", ...lines, ""].join("\n"));
  });
});
