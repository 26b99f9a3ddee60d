import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { journalOf, resetFailed } from "../../../src/server/systemd/user-manager.ts";
import { fakeProgram } from "../../support/fake-program.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bd-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function environment() {
  return {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    home: folder,
    platform: "linux",
    arch: "x64",
    pid: 1,
    say: () => {},
    kill: () => {},
  };
}

describe("the journal of a unit", () => {
  test.each([
    ["printf 'one\\ntwo\\n'", ["one", "two"]],
    ["echo 'a hint' >&2; echo one", ["one"]],
    ["echo '-- No entries --'", []],
    ["true", []],
  ])("of `%s` is %j", async (script, lines) => {
    fakeProgram(join(folder, "journalctl"), script);
    expect(await journalOf(environment(), "x.service", 5)).toEqual(lines);
  });

  test.each([
    ["echo 'No journal files were opened due to insufficient permissions.' >&2", "insufficient permissions"],
    ["echo '-- No entries --'; echo 'not seeing messages from other users' >&2", "not seeing messages"],
    ["echo broken >&2; exit 1", "broken"],
    ["exit 1", "journalctl failed"],
  ])("that `%s` can't read is an error", async (script, words) => {
    fakeProgram(join(folder, "journalctl"), script);
    await expect(journalOf(environment(), "x.service", 5)).rejects.toMatchObject({
      kind: "unavailable",
      code: "JOURNAL_UNREADABLE",
      message: expect.stringContaining(words),
    });
  });
});

test("a failure to forget failures stops nothing", async () => {
  fakeProgram(join(folder, "systemctl"), "echo 'Unit x.service not loaded.' >&2; exit 1");
  await expect(resetFailed(environment(), "x.service")).resolves.toBeUndefined();
});
