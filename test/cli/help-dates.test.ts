import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DATES_HELP } from "../../src/cli/help-dates.ts";
import { runBd } from "../support/run-bd.ts";

test.each([["help dates"], ["dates --help"]])(
  "bd %s prints how times are written, as the document has it",
  async (line) => {
    const { code, stdout } = await runBd(line.split(" "), { cwd: "/", env: {} });

    expect({ code, stdout }).toEqual({ code: 0, stdout: DATES_HELP });
    expect(readFileSync(join(import.meta.dirname, "../../docs/dates.md"), "utf8")).toContain(DATES_HELP);
  },
);

test("no line of it is too long for a terminal", () => {
  expect(DATES_HELP.split("\n").filter((line) => line.length > 120)).toEqual([]);
});
