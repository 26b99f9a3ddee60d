import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { readLine } from "../../src/cli/line/read-line.ts";
import { SILENT } from "../support/parse-bd-line.ts";
import { testWorkspace } from "../support/workspace.ts";

/** How each flag that names a file of text is used; what reads line by line ends with Ctrl-C alone. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  "create --body-file": ["create", "X", "--body-file"],
  "create --description-file": ["create", "X", "--description-file"],
  "create --design-file": ["create", "X", "--design-file"],
  "update --body-file": ["update", "end-1", "--body-file"],
  "update --description-file": ["update", "end-1", "--description-file"],
  "update --design-file": ["update", "end-1", "--design-file"],
  "close --reason-file": ["close", "end-1", "--reason-file"],
  "done --reason-file": ["done", "end-1", "--reason-file"],
  "delete --from-file": ["delete", "--force", "--from-file"],
  "comment --file": ["comment", "end-1", "--file"],
  "comments add --file": ["comments", "add", "end-1", "--file"],
  "comment edit --file": ["comment", "edit", "end-1", "--file"],
  "note --file": ["note", "end-1", "--file"],
  "dep add --file": ["dep", "add", "--file"],
};
/** Flags that are refused or change nothing, and those that name no text. */
const NOT_READ = new Set([
  "create --file",
  "create --graph",
  "create --repo",
  "export --output",
  "import --input",
  "init --agents-file",
  "init --agents-template",
  "init --from-jsonl",
  "init --server-socket",
  "server install-unit --remote-password-file",
]);

test.each(Object.values(LINES))("%s of a file without an end is refused, and nothing is written", async (...line) => {
  const workspace = await testWorkspace({ prefix: "end" });
  await workspace.json(["create", "X", "--id", "end-1"]);

  const { code, stdout } = await workspace.bd([...line, "/dev/zero", "--json"]);

  expect({ code, error: JSON.parse(stdout) }).toMatchObject({ code: 2, error: { code: "INPUT_TOO_LARGE" } });
  expect(await workspace.sql("SELECT id, description, status FROM issues")).toEqual([
    { id: "end-1", description: "", status: "open" },
  ]);
});

test("every flag that names a file is in the table", async () => {
  const flags: string[] = [];
  for (const { words } of COMMANDS) {
    const line = await readLine(words, SILENT);
    if (line.kind === "other") continue;
    for (const { long, flags: form } of line.command.options) {
      if (/[<[](?:file|path)[>\]]/.test(form)) flags.push(`${words.join(" ")} ${long}`);
    }
  }
  expect(flags.filter((flag) => !NOT_READ.has(flag)).toSorted()).toEqual(Object.keys(LINES).toSorted());
});
