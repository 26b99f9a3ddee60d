import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issueLine } from "../../src/core/jsonl/print-line.ts";
import { anyIssue, byBytes, type WholeIssue } from "../core/jsonl/any-issue.ts";
import { commitsMadeBy } from "../support/dolt-history.ts";
import { GO_MADE_DATABASE, goMadeExport, unpackGoMade } from "../support/go-made.ts";
import { onlyRecordIn } from "../support/payload.ts";
import { startPrivateDolt } from "../support/private-dolt.ts";
import { expectRefused, stateOf } from "../support/refused.ts";
import { BD_PATH } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace, testWorkspace } from "../support/workspace.ts";

const jsonl = (...lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

/** Generated issues in the order of an export, each with the counts that belong to it. */
function generatedLines(issues: readonly WholeIssue[]): string {
  const edges = issues.flatMap(({ parts }) => parts.dependencies ?? []).filter(({ type }) => type === "blocks");
  return issues
    .toSorted(
      (a, b) =>
        a.issue.priority - b.issue.priority ||
        byBytes(b.issue.created_at, a.issue.created_at) ||
        byBytes(a.issue.id, b.issue.id),
    )
    .map(({ issue, parts }) =>
      issueLine(issue, parts, {
        dependency_count: edges.filter((edge) => edge.issue_id === issue.id).length,
        dependent_count: edges.filter((edge) => edge.depends_on_id === issue.id).length,
        comment_count: parts.comments?.length ?? 0,
      }),
    )
    .map((line) => `${line}\n`)
    .join("");
}

describe("export, import into an empty database, export", () => {
  test("gives the same bytes, with every field, over generated issues", async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `gen-${index}`);
    const targets = [...ids, "external:project:capability", "gone-1"];
    const issues = fc.sample(
      fc.tuple(
        ...ids.map((id) =>
          anyIssue(
            id,
            targets.filter((other) => other !== id),
          ),
        ),
      ),
      {
        numRuns: 1,
        seed: 898,
      },
    )[0];
    const lines = generatedLines(issues ?? []);
    const workspace = await testWorkspace();
    const { code, stderr } = await workspace.bd(["import", "-"], { stdin: lines });
    expect({ code, stderr: stderr.includes("120 new") }).toEqual({ code: 0, stderr: true });
    expect((await workspace.bd(["export"])).stdout).toBe(lines);
  });

  test("gives the same bytes, with comments that differ in their ids alone", async () => {
    const comments = [1, 2, 3].map((number) => ({
      id: `01a1f8e7-2e32-72f4-9281-70d401b635f${number}`,
      author: "ann",
      text: "+1",
      created_at: "2026-01-02T00:00:00Z",
    }));
    const workspace = await testWorkspace();
    await workspace.bd(["import", "-"], { stdin: jsonl({ id: "twin-1", title: "One", comments }) });
    const exported = (await workspace.bd(["export"])).stdout;
    expect(exported).toContain('"comment_count":3');
    const copy = await testWorkspace();
    await copy.bd(["import", "-"], { stdin: exported });
    await copy.bd(["import", "-"], { stdin: exported });
    expect((await copy.bd(["export"])).stdout).toBe(exported);
  });

  test("gives the same bytes as the Go program, from its database and from its file", async () => {
    const dolt = await startPrivateDolt({ seed: unpackGoMade });
    const original = await makeWorkspace({ port: dolt.port, initialised: false });
    try {
      await original.grant(GO_MADE_DATABASE);
      await original.bd(["init", "--database", GO_MADE_DATABASE]);
      const exported = (await original.bd(["export"])).stdout;
      expect(exported).toBe(await goMadeExport());
      const copy = await testWorkspace();
      await copy.bd(["import", "-"], { stdin: exported });
      expect((await copy.bd(["export", "--jsonl"])).stdout).toBe(exported);
    } finally {
      await original.remove();
      await dolt.stop();
    }
  });
});

describe("import", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await makeWorkspace();
  });
  afterAll(() => workspace.remove());

  const imported = (lines: string, ...flags: string[]) => workspace.json(["import", "-", ...flags], { stdin: lines });
  const shown = async (id: string) => onlyRecordIn(await workspace.json(["show", id]));

  test("gives a missing priority 2, and the times of the import where the line has none", async () => {
    await imported(jsonl({ id: "a-1", title: "Bare" }));
    expect(await shown("a-1")).toMatchObject({ priority: 2, status: "open", issue_type: "task" });
  });

  test("is one commit under the actor's name, whatever it holds", async () => {
    const lines = jsonl(
      { id: "b-1", title: "One", labels: ["x", "y"], dependencies: [{ depends_on_id: "b-2", type: "blocks" }] },
      { id: "b-2", title: "Two", comments: [{ id: 1, author: "ann", text: "hi", created_at: "2026-01-01T00:00:00Z" }] },
    );
    expect(await commitsMadeBy(workspace, () => imported(lines))).toEqual([
      { message: "bd: import 2 issue(s)", author: "tester", email: "tester@example.test" },
    ]);
    expect(await commitsMadeBy(workspace, () => imported(lines))).toEqual([]);
  });

  test("counts new, changed, same and stale lines; a dry run says the same and touches nothing", async () => {
    const at = (day: number) => ({ created_at: "2026-01-01T00:00:00Z", updated_at: `2026-01-0${day}T00:00:00Z` });
    await imported(jsonl(...["c-1", "c-2", "c-3"].map((id) => ({ id, title: id, ...at(5) }))));
    const lines = jsonl(
      { id: "c-1", title: "Newer", ...at(6) },
      { id: "c-2", title: "Older", ...at(4) },
      { id: "c-3", title: "c-3", ...at(5) },
      { id: "c-4", title: "c-4", ...at(1) },
      { id: "c-5", status: "tombstone" },
    );
    const counts = {
      created: 1,
      updated: 1,
      unchanged: 1,
      stale: 1,
      skipped: 0,
      tombstones: 1,
      source: "standard input",
    };
    const before = await stateOf(workspace);
    expect(await imported(lines, "--dry-run")).toEqual({ ...counts, dry_run: true, schema_version: 1 });
    expect(await stateOf(workspace)).toEqual(before);
    expect(await imported(lines)).toEqual({ ...counts, ids: ["c-1", "c-4"], schema_version: 1 });
    expect(await shown("c-1")).toMatchObject({ title: "Newer", updated_at: "2026-01-06T00:00:00Z" });
    expect(await shown("c-2")).toMatchObject({ title: "c-2", updated_at: "2026-01-05T00:00:00Z" });
  });

  test("lets an older line win where that is asked for", async () => {
    const line = (title: string, day: number) => jsonl({ id: "d-1", title, updated_at: `2026-01-0${day}T00:00:00Z` });
    await imported(line("New", 5));
    const { stderr } = await workspace.bd(["import", "-"], { stdin: line("Old", 1) });
    expect(stderr).toContain("(0 new, 0 changed, 0 the same, 1 stale); 1 is newer here: --force-older overwrites it\n");
    expect(await imported(line("Old", 1), "--force-older")).toMatchObject({ updated: 1, stale: 0 });
    expect(await shown("d-1")).toMatchObject({ title: "Old", updated_at: "2026-01-01T00:00:00Z" });
  });

  test("replaces all fields of a changed issue, and keeps its labels and the hash it was made with", async () => {
    await imported(jsonl({ id: "e-1", title: "One", notes: "n", assignee: "ann", labels: ["old"] }));
    const hash = () => workspace.sql("SELECT content_hash FROM issues WHERE id = 'e-1'");
    const before = await hash();
    await imported(jsonl({ id: "e-1", title: "One", due_at: "2027-01-01T00:00:00Z", labels: ["new"] }));
    const issue = await shown("e-1");
    expect(issue).toMatchObject({ due_at: "2027-01-01T00:00:00Z", labels: ["new", "old"] });
    expect(issue).not.toHaveProperty("notes");
    expect(issue).not.toHaveProperty("assignee");
    expect(await hash()).toEqual(before);
  });

  test("names every bad line by number and imports nothing, unless the bad ones are to be left out", async () => {
    const lines = `${jsonl({ id: "f-1", title: "Good" })}\nnope\n${jsonl({ title: "No id" }, { id: "f-2", title: "x".repeat(501) })}`;
    const reasons = [
      { line: 3, reason: "it is not JSON" },
      { line: 4, reason: "no id" },
      { line: 5, reason: "title must be 500 characters or less (got 501)" },
    ];
    await expectRefused(
      workspace,
      ["import", "-"],
      {
        exit: 2,
        code: "INVALID_LINES",
        message: `3 of 4 lines of standard input can't be imported, so nothing was: ${reasons.map(({ line, reason }) => `line ${line}: ${reason}`).join("; ")}`,
        hint: "bd import --skip-invalid --help",
        details: { lines: reasons },
      },
      { stdin: lines },
    );
    const dry = await workspace.bd(["import", "-", "--dry-run", "--json"], { stdin: lines });
    expect({ code: dry.code, ...JSON.parse(dry.stdout) }).toMatchObject({
      code: 2,
      created: 1,
      skipped: 3,
      bad_lines: reasons,
    });
    expect(await imported(lines, "--skip-invalid")).toMatchObject({ created: 1, skipped: 3, ids: ["f-1"] });
  });

  test("takes of two lines about one issue the newer", async () => {
    const line = (title: string, day: number) => ({ id: "g-1", title, updated_at: `2026-01-0${day}T00:00:00Z` });
    expect(await imported(jsonl(line("b", 2), line("a", 1)))).toMatchObject({ created: 1, stale: 1, ids: ["g-1"] });
    expect(await shown("g-1")).toMatchObject({ title: "b" });
  });

  test("leaves out new issues with the title of an open one where that is asked for", async () => {
    await imported(jsonl({ id: "h-1", title: "Same title" }));
    const lines = jsonl({ id: "h-2", title: "Same title" }, { id: "h-3", title: "Another title" });
    expect(await imported(lines, "--dedup")).toMatchObject({ created: 1, dedup_skipped: 1, ids: ["h-3"] });
  });

  test("keeps who made an edge and what it carries, and the type of one that is there", async () => {
    const edge = { depends_on_id: "i-2", type: "waits-for", created_by: "ann", metadata: '{"gate":"any-children"}' };
    await imported(jsonl({ id: "i-1", title: "One", dependencies: [{ ...edge, created_at: "2026-01-01T00:00:00Z" }] }));
    const again = await workspace.bd(["import", "-"], {
      stdin: jsonl({ id: "i-1", title: "Changed", dependencies: [{ ...edge, type: "related" }] }),
    });
    expect(again.stderr).toContain("dependencies that exist keep their type: i-1 -> i-2 (waits-for, not related)");
    expect(
      await workspace.sql("SELECT type, created_at, created_by, metadata FROM dependencies WHERE issue_id = 'i-1'"),
    ).toEqual([
      { type: "waits-for", created_at: "2026-01-01 00:00:00", created_by: "ann", metadata: { gate: "any-children" } },
    ]);
  });

  test("brings ephemeral issues to the wisps, out of Dolt's history", async () => {
    const wisp = { id: "j-1", title: "Wisp", ephemeral: true, labels: ["w"], created_at: "2026-01-01T00:00:00Z" };
    expect(await commitsMadeBy(workspace, () => imported(jsonl({ ...wisp, updated_at: wisp.created_at })))).toEqual([]);
    expect(await workspace.sql("SELECT w.id, l.label FROM wisps w JOIN wisp_labels l ON l.issue_id = w.id")).toEqual([
      { id: "j-1", label: "w" },
    ]);
    expect((await workspace.bd(["export"])).stdout).not.toContain('"id":"j-1"');
    expect((await workspace.bd(["export", "--all"])).stdout).toContain('"id":"j-1"');
  });

  test("brings memories, which export leaves out unless asked", async () => {
    const line = jsonl({ _type: "memory", key: "style", value: "short" });
    expect(await imported(line)).toMatchObject({ memories: 1 });
    expect(await workspace.sql("SELECT value FROM config WHERE `key` = 'kv.memory.style'")).toEqual([
      { value: "short" },
    ]);
    expect((await workspace.bd(["export"])).stdout).not.toContain("memory");
    expect((await workspace.bd(["export", "--include-memories"])).stdout.endsWith(line)).toBe(true);
  });

  test("names types and statuses that nobody configured with the setting's whole new value", async () => {
    await workspace.bd(["config", "set", "types.custom", "epicish"]);
    const lines = jsonl({ id: "k-1", title: "One", issue_type: "agent", status: "in_review" });
    const { stderr } = await workspace.bd(["import", "-"], { stdin: lines });
    expect(stderr).toContain("bd config set types.custom epicish,agent");
    expect(stderr).toContain("bd config set status.custom in_review");
    expect(await shown("k-1")).toMatchObject({ issue_type: "agent", status: "in_review" });
  });

  test("reads the workspace's own file when none is named, and says which file it lacks", async () => {
    const file = join(workspace.dir, ".beads", "issues.jsonl");
    expect(await workspace.bd(["import"])).toMatchObject({ code: 2, stdout: "" });
    writeFileSync(file, jsonl({ id: "l-1", title: "Own file" }));
    expect(await workspace.json(["import"])).toMatchObject({ source: ".beads/issues.jsonl", created: 1 });
  });
});

test("Ctrl-C while an import waits for more input ends it with nothing written", async () => {
  const workspace = await testWorkspace();
  const before = await stateOf(workspace);
  const child = spawn(process.execPath, [BD_PATH, "import", "-"], { cwd: workspace.dir, env: workspace.env });
  // More than a pipe holds: when it is out of our hands, the program reads.
  child.stdin.write(jsonl({ id: "y-1", title: "One", notes: "n".repeat(60_000) }).repeat(10));
  await once(child.stdin, "drain");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  expect(code).toBe(130);
  expect(await stateOf(workspace)).toEqual(before);
});

describe("export", () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await makeWorkspace();
    const lines = jsonl({ id: "x-1", title: "One" }, { id: "x-2", title: "Two", status: "closed", is_template: true });
    await workspace.bd(["import", "-"], { stdin: lines });
  });
  afterAll(() => workspace.remove());

  test("writes a file whole, says so on standard error, and leaves nothing else behind", async () => {
    const { code, stdout, stderr } = await workspace.bd(["export", "-o", "out.jsonl", "--json"]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "Exported 2 issues to out.jsonl\n" });
    expect(readFileSync(join(workspace.dir, "out.jsonl"), "utf8")).toBe((await workspace.bd(["export"])).stdout);
    expect(readdirSync(workspace.dir).toSorted()).toEqual([".beads", "out.jsonl"]);
  });

  test("says why a file can't be written, and makes none", async () => {
    await expectRefused(workspace, ["export", "-o", "none/out.jsonl"], {
      exit: 2,
      code: "OUTPUT_NOT_WRITABLE",
      message: "can't write none/out.jsonl: its folder does not exist",
      hint: "bd export --help",
    });
  });

  test("keeps a file that is there when the server can't be reached", async () => {
    writeFileSync(join(workspace.dir, "kept.jsonl"), "old\n");
    const { code } = await workspace.bd(["export", "-o", "kept.jsonl"], {
      env: { BEADS_DOLT_SERVER_PORT: "1", BEADS_DOLT_RETRY_MAX: "0" },
    });
    expect(code).toBe(5);
    expect(readFileSync(join(workspace.dir, "kept.jsonl"), "utf8")).toBe("old\n");
  });
});
