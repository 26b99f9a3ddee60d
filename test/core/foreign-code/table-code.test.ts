import { expect, test } from "vitest";
import { codeKey } from "../../../src/core/foreign-code/code-change.ts";
import { parseCreateTable } from "../../../src/core/foreign-code/create-statement.ts";
import { tableCode, unknownTables } from "../../../src/core/foreign-code/table-code.ts";

const END = ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin;";

function create(table: string, ...items: readonly string[]): string {
  return `CREATE TABLE \`${table}\` (\n  ${items.join(",\n  ")}\n${END}`;
}

function found(table: string, from: readonly string[] | undefined, to: readonly string[] | undefined): string[] {
  const statement = (items: readonly string[] | undefined) =>
    items === undefined ? undefined : create(table, ...items);
  return tableCode({ table, from: statement(from), to: statement(to) }).map((one) => `${one.change} ${codeKey(one)}`);
}

const ID = "`id` int NOT NULL";
const KEY = "PRIMARY KEY (`id`)";

test.each([
  "`a` int",
  "`a` varchar(20) COLLATE utf8mb4_general_ci NOT NULL DEFAULT 'it''s \\\\ (x, y) -- CHECK'",
  "`a` enum('a''b','c)','d`e') DEFAULT 'a''b' COMMENT 'of all, (these)'",
  "`a` datetime(6) DEFAULT 'CURRENT_TIMESTAMP' ON UPDATE CURRENT_TIMESTAMP",
  "`a` char(36) NOT NULL DEFAULT (uuid())",
  "`a` json DEFAULT (json_object())",
  "`a` decimal(10,2) unsigned DEFAULT '1.5'",
  "KEY `k` (`id`,`a`(10))",
  "UNIQUE KEY `u` (`id`)",
  "CONSTRAINT `of` FOREIGN KEY (`id`) REFERENCES `issues` (`id`) ON DELETE CASCADE",
])("a new table with %s only keeps data", (item) => {
  expect(found("notes", undefined, [ID, item, KEY])).toEqual([]);
});

test.each([
  ["`g` int GENERATED ALWAYS AS (((`id` + 1))) STORED", "column:notes.g"],
  ["`d` varchar(20) DEFAULT (load_file('/etc/passwd'))", "column:notes.d"],
  ["`d` varchar(20) DEFAULT ((select `x` from `y`))", "column:notes.d"],
  ["CONSTRAINT `c` CHECK ((`id` > 1))", "constraint:notes.c"],
  ["CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `issues` (`id`)", "constraint:notes.f"],
  ["CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `labels` (`id`) ON DELETE CASCADE", "constraint:notes.f"],
  ["FULLTEXT KEY `ft` (`id`)", "index:notes.ft"],
])("a new table with %s is named", (item, key) => {
  expect(found("notes", undefined, [ID, item, KEY])).toEqual([`added ${key}`]);
});

test.each([
  [[ID, "`of_ann` int", KEY], []],
  [[ID, "KEY `fast` (`id`)", KEY], []],
  [[ID, "`must` int NOT NULL", KEY], ["added column:issues.must"]],
  [["`id` varchar(3) NOT NULL", KEY], ["changed column:issues.id"]],
  [[KEY], ["removed column:issues.id"]],
  [[ID, KEY, "UNIQUE KEY `one` (`id`)"], ["added index:issues.one"]],
  [[ID, "PRIMARY KEY (`id`,`x`)"], ["changed index:issues.PRIMARY"]],
  [[ID, KEY, "CONSTRAINT `never` CHECK (FALSE)"], ["added constraint:issues.never"]],
  [undefined, ["removed table:issues"]],
  [["`x` int", ID, "`y` int", KEY], []],
])("issues that become %j: %j", (to, changes) => {
  expect(found("issues", [ID, KEY], to)).toEqual(changes);
});

test("another collation of a table of the tracker is named: ids would be the same in other cases", () => {
  const from = create("issues", ID, KEY);
  const to = from.replace("utf8mb4_0900_bin", "utf8mb4_general_ci");
  expect(tableCode({ table: "issues", from, to }).map(codeKey)).toEqual(["table:issues"]);
});

test("tables of somebody else may change and go, as long as they only keep data", () => {
  expect(found("notes", [ID, KEY], ["`id` bigint", "`more` text"])).toEqual([]);
  expect(found("notes", [ID, KEY], undefined)).toEqual([]);
});

test("tables that Dolt keeps for itself are named, those whose rows are looked at apart are not", () => {
  expect(found("dolt_rebase", undefined, [ID])).toEqual(["added table:dolt_rebase"]);
  expect(found("dolt_schemas", undefined, [ID])).toEqual([]);
});

test("what can't be read is never left out", () => {
  const hostile = create("notes", "`a` int DEFAULT 'open", "CONSTRAINT `c` CHECK (TRUE)");
  const parsed = parseCreateTable(hostile);
  expect(parsed.items.map(({ text }) => text).join(",")).toContain("CHECK (TRUE)");
  expect(tableCode({ table: "notes", from: undefined, to: hostile })).toHaveLength(1);
  expect(tableCode({ table: "notes", from: undefined, to: "nonsense" })).toHaveLength(1);
});

test("unknown tables are those that neither the tracker nor Dolt has", () => {
  const names = ["notes", "issues", "bd_feed", "dolt_docs", "ISSUES"];
  const changes = names.map((table) => ({ table, from: undefined, to: create(table, ID) }));
  expect(unknownTables(changes)).toEqual(["notes"]);
});

test("columns of the tracker that changed places are named, and those of other tables are not", () => {
  const [before, after] = [
    [ID, "`notes` text", "`gone` int", "`design` text", KEY],
    [ID, "`design` text", "`new` int", "`notes` text", KEY],
  ];
  expect(found("issues", before, after)).toEqual(["removed column:issues.gone", "changed table:issues"]);
  expect(found("of_others", before, after)).toEqual([]);
});
