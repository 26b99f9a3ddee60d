import { describe, expect, test } from "vitest";
import { parseMigration } from "../../../src/store/migrate/parse-migration.ts";

describe("parseMigration", () => {
  test("splits at semicolons at the end of a line and drops comments", () => {
    const parsed = parseMigration("-- why\nCREATE TABLE a (\n  id INT -- the key\n);\n\nDROP TABLE b; -- gone\n");

    expect(parsed).toEqual({
      local: false,
      statements: [{ sql: "CREATE TABLE a (\n  id INT \n)" }, { sql: "DROP TABLE b" }],
    });
  });

  test.each([
    [
      "a semicolon at the end of a line inside a string",
      "INSERT INTO a VALUES ('x;\n-- y;\n');",
      "INSERT INTO a VALUES ('x;\n-- y;\n')",
    ],
    ["a doubled quote", "SELECT 'it''s; -- no';", "SELECT 'it''s; -- no'"],
    ["an escaped quote", "SELECT 'a\\'; -- b';", "SELECT 'a\\'; -- b'"],
    ["the other quotes", "SELECT \";'\", `a;b'`;", "SELECT \";'\", `a;b'`"],
    ["a backslash in an identifier", "SELECT `a\\`;", "SELECT `a\\`"],
    ["a double minus that begins no comment", "SELECT 1--1;", "SELECT 1--1"],
    ["line ends of another system", "SELECT 1,\r\n2;\r\n", "SELECT 1,\n2"],
  ])("keeps %s", (_, text, sql) => {
    expect(parseMigration(text).statements).toEqual([{ sql }]);
  });

  test("reads the directives of the file and of the statement that follows", () => {
    const parsed = parseMigration(
      "-- @local\n-- @unless column wisps.x\nALTER TABLE wisps ADD COLUMN x INT;\n-- @if ignored wisp_%\nSELECT 1;\nSELECT 2;",
    );

    expect(parsed).toEqual({
      local: true,
      statements: [
        {
          sql: "ALTER TABLE wisps ADD COLUMN x INT",
          guard: { runs: "unless", subject: { kind: "column", table: "wisps", column: "x" } },
        },
        { sql: "SELECT 1", guard: { runs: "if", subject: { kind: "ignored", pattern: "wisp_%" } } },
        { sql: "SELECT 2" },
      ],
    });
  });

  test.each([
    ["SELECT 1; SELECT 2;", "line 1: a ; stands only at the end of a line"],
    ["\nSELECT 1", "the end: the last statement has no ;"],
    ["SELECT 'a;\n", "the end: a quote ' is open"],
    [";", "line 1: an empty statement"],
    ["SELECT 1 /* one */;", "line 1: comments are written as -- …"],
    ["-- @when column a.b\nSELECT 1;", "line 1: unknown directive @when column a.b"],
    ["-- @if column a\nSELECT 1;", "line 1: unknown directive @if column a"],
    ["SELECT 1,\n-- @local\n2;", "line 2: a directive stands before its statement, alone"],
    ["-- @if column a.b\n-- @if column a.c\nSELECT 1;", "line 2: a directive stands before its statement, alone"],
    ["-- @if column a.b\n", "the end: the last statement has no ;"],
  ])("refuses %j", (text, message) => {
    expect(() => parseMigration(text)).toThrow(message);
  });
});
