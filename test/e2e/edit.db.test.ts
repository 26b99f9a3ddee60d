import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commitsMadeBy } from "../support/dolt-history.ts";
import { expectRefused } from "../support/refused.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let ws: TestWorkspace;
let temporary: string;

beforeAll(async () => {
  ws = await makeWorkspace({ prefix: "ed" });
  temporary = join(ws.home, "tmp");
  mkdirSync(temporary);
});
afterAll(() => ws.remove());

/** Has `bd edit` run that line of shell on the file, whose name is `$1`. */
function atTerminal(line: string, env: Readonly<Record<string, string>> = {}) {
  const path = join(ws.home, "editor");
  writeFileSync(path, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  return { atTerminal: true, env: { EDITOR: path, TMPDIR: temporary, ...env } };
}

async function make(...flags: readonly string[]): Promise<string> {
  const issue = await ws.json(["create", "Login", ...flags]);
  return String(Object(issue).id);
}

async function shown(id: string): Promise<Record<string, unknown>> {
  const [issue] = Object(await ws.json(["show", id]));
  return issue;
}

const left = () => readdirSync(temporary);

describe("each text", () => {
  const FIELDS = [
    [[], "description", "the description"],
    [["--title"], "title", "the title"],
    [["--description"], "description", "the description"],
    [["--design"], "design", "the design"],
    [["--notes"], "notes", "the notes"],
    [["--acceptance"], "acceptance_criteria", "the acceptance criteria"],
  ] as const;

  test.each(FIELDS)("bd edit ID %s changes the %s in one commit", async (flags, field, what) => {
    const id = await make("-d", "old", "--design", "old", "--notes", "old", "--acceptance", "old");
    const before = await shown(id);
    let said: unknown;
    const commits = await commitsMadeBy(ws, async () => {
      said = await ws.bd(
        ["edit", id, ...flags],
        atTerminal(`cat "$1" > "$HOME/seen"; printf 'new\\nand more\\n\\n' > "$1"`),
      );
    });

    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining(`✓ Updated ${what} of ${id} — `) });
    expect(readFileSync(join(ws.home, "seen"), "utf8")).toBe(field === "title" ? "Login\n" : "old\n");
    expect(commits).toMatchObject([{ message: `bd: update ${id}` }]);
    expect(await shown(id)).toEqual({ ...before, [field]: "new\nand more", updated_at: expect.any(String) });
    expect(left()).toEqual([]);
  });

  test("two at once are one too many", async () => {
    await expectRefused(ws, ["edit", "ed-1", "--notes", "--title"], {
      exit: 2,
      code: "CONTRADICTING_FLAGS",
      message: "--title and --notes contradict each other; give one of them",
    });
  });
});

describe("nothing is written", () => {
  test.each([
    ["of a text that stays as it is", "true"],
    ["of blanks at the end", `printf 'old \\n\\n' > "$1"`],
    ["where the file is gone", `rm "$1"`],
  ])("%s", async (_why, line) => {
    const id = await make("-d", "old");
    const before = await ws.sql("SELECT dolt_hashof_db() AS hash, dolt_hashof('HEAD') AS head");

    expect(await ws.bd(["edit", id], atTerminal(line))).toEqual({
      code: 0,
      stdout: `No changes made to the description of ${id} — Login\n`,
      stderr: "",
    });
    expect(await ws.sql("SELECT dolt_hashof_db() AS hash, dolt_hashof('HEAD') AS head")).toEqual(before);
    expect(left()).toEqual([]);
  });
});

test("an emptied text is cleared, an empty one begins empty, and JSON is the issue", async () => {
  const id = await make("-d", "old");
  const emptied = await ws.json(["edit", id], atTerminal(`: > "$1"`));
  expect(emptied).not.toHaveProperty("description");
  expect(await ws.json(["edit", id], atTerminal(`test ! -s "$1" && echo Wieder da > "$1"`))).toMatchObject({
    id,
    description: "Wieder da",
  });
});

test("the file and its folder are the person's alone", async () => {
  const id = await make("-d", "secret");
  await ws.json(["edit", id], atTerminal(`stat -c %a "$1" "$(dirname "$1")" > "$HOME/modes"`));
  expect(readFileSync(join(ws.home, "modes"), "utf8")).toMatch(/^600\n700\n$/);
});

describe("the editor is chosen and called as git does it", () => {
  const draft = async (env: Record<string, string>) => {
    const id = await make();
    await ws.json(["edit", id], { atTerminal: true, env: { TMPDIR: temporary, ...env } });
    return (await shown(id))["description"];
  };
  const says = (name: string) => {
    const path = join(ws.home, `${name} in a folder`, "editor");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      '#!/bin/sh\nfor last; do :; done\necho "$0 $# $1" | sed "s|.*/\\(.*\\) in a folder/editor|\\1|" > "$last"\n',
      { mode: 0o755 },
    );
    return `'${path}'`;
  };

  test("VISUAL where the terminal can show it, else EDITOR", async () => {
    const env = { VISUAL: `${says("visual")} --wait`, EDITOR: `${says("editor")} -c "two words"` };
    expect(await draft({ ...env, TERM: "xterm" })).toBe("visual 2 --wait");
    expect(await draft({ ...env, TERM: "dumb" })).toBe("editor 3 -c");
    expect(await draft({ EDITOR: env.EDITOR, TERM: "xterm" })).toBe("editor 3 -c");
  });

  test("else vi, where there is one", async () => {
    const folder = join(ws.home, "bin");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "vi"), '#!/bin/sh\necho vi > "$1"\n', { mode: 0o755 });
    expect(await draft({ TERM: "xterm", PATH: `${folder}:/usr/bin:/bin` })).toBe("vi");
  });

  test("secrets of the person's are not in its environment", async () => {
    const id = await make();
    const { EDITOR } = atTerminal(`env > "$1"`).env;
    await ws.json(["edit", id], { atTerminal: true, env: { EDITOR, TMPDIR: temporary, BEADS_TEST_TOKEN: "hush" } });
    expect(String((await shown(id))["description"])).not.toMatch(/hush|PASSWORD/);
  });
});

describe("refused", () => {
  const WAYS = [
    [[], "bd update --body-file=FILE ID"],
    [["--title"], "bd update --title=TEXT ID"],
    [["--design"], "bd update --design-file=FILE ID"],
    [["--acceptance"], "bd update --acceptance=TEXT ID"],
    [["--notes"], "bd update --notes=TEXT ID"],
  ] as const;

  test.each(WAYS)("without a terminal %s, before anything is read", async (flags, hint) => {
    await expectRefused(ws, ["edit", "ed-none", ...flags], {
      exit: 4,
      code: "NO_TERMINAL",
      message: "an editor needs a terminal, and standard input or standard error is none",
      hint: hint.replace("ID", "ed-none"),
    });
  });

  test("without an editor", async () => {
    const { code, stderr } = await ws.bd(["edit", "ed-none"], {
      atTerminal: true,
      env: { TERM: "dumb", VISUAL: "code" },
    });
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr:
        "Error: no editor is known: neither VISUAL nor EDITOR names one, and there is no vi that this terminal can show\n" +
        "Hint: bd update --body-file=FILE ed-none\n",
    });
  });

  test("an unknown issue, without opening an editor", async () => {
    const { code } = await ws.bd(["edit", "ed-none"], atTerminal('touch "$HOME/opened"'));
    expect(code).toBe(3);
    expect(readdirSync(ws.home)).not.toContain("opened");
    expect(left()).toEqual([]);
  });
});

describe("what somebody wrote is not lost", () => {
  /** The file that an error names, and that it is there. */
  async function keptBy(line: string, flags: readonly string[] = []) {
    const id = await make("-d", "old", "--notes", "old");
    const { code, stdout } = await ws.bd(["edit", id, ...flags, "--json"], atTerminal(line.replaceAll("ID", id)));
    const error = JSON.parse(stdout);
    const file = error.details?.file;
    if (file !== undefined) expect(error.error).toContain(`; your text is in ${file}`);
    return {
      id,
      exit: code,
      code: error.code,
      hint: error.hint,
      text: file === undefined ? undefined : readFileSync(file, "utf8"),
    };
  }

  test("when the editor fails after it wrote", async () => {
    expect(await keptBy('echo mine > "$1"; exit 3')).toMatchObject({ exit: 1, code: "EDITOR_FAILED", text: "mine\n" });
  });

  test("when it can't be stored", async () => {
    expect(await keptBy(`: > "$1"`, ["--title"])).toMatchObject({ exit: 2, text: "" });
    expect(await keptBy(`head -c 70000 /dev/zero | tr '\\0' x > "$1"`)).toMatchObject({
      exit: 2,
      code: "TEXT_TOO_LONG",
    });
    expect(await keptBy(`printf '\\377' > "$1"`)).toMatchObject({ exit: 2, code: "INPUT_UNREADABLE" });
  });

  test("when somebody else wrote meanwhile, whose words stay", async () => {
    const id = await make("-d", "old");
    const editing = ws.bd(
      ["edit", id, "--json"],
      atTerminal('touch "$HOME/open"; echo mine > "$1"; while [ -e "$HOME/open" ]; do sleep 0.02; done'),
    );
    await expect.poll(() => readdirSync(ws.home)).toContain("open");
    await ws.json(["update", id, "-d", "theirs", "-p", "1"]);
    rmSync(join(ws.home, "open"));
    const { code, stdout } = await editing;
    const error = JSON.parse(stdout);

    expect({ code, ...error }).toMatchObject({
      code: "TEXT_CHANGED_SINCE",
      error: `somebody changed the description of ${id} meanwhile; your text is in ${error.details.file}`,
      hint: `bd history ${id}`,
      details: { fields: ["description"] },
    });
    expect(code).toBe(6);
    expect(readFileSync(error.details.file, "utf8")).toBe("mine\n");
    expect(statSync(error.details.file).mode & 0o077).toBe(0);
    expect(await shown(id)).toMatchObject({ description: "theirs", priority: 1 });
  });

  test("other fields of the issue may change meanwhile", async () => {
    const id = await make("-d", "old");
    const editing = ws.bd(
      ["edit", id],
      atTerminal('touch "$HOME/open"; echo mine > "$1"; while [ -e "$HOME/open" ]; do sleep 0.02; done'),
    );
    await expect.poll(() => readdirSync(ws.home)).toContain("open");
    await ws.json(["update", id, "--title", "Theirs"]);
    rmSync(join(ws.home, "open"));
    expect((await editing).code).toBe(0);
    expect(await shown(id)).toMatchObject({ description: "mine", title: "Theirs" });
  });
});
