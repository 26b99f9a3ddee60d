import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { metadataWith } from "../../../src/config/settings/edit-setting.ts";
import { readMetadata, writeMetadata } from "../../../src/config/workspace/metadata.ts";
import { type Workspace, workspaceIn } from "../../../src/config/workspace/workspace.ts";
import { bdErrorOf, temporaryFolder } from "../temporary-folder.ts";

function workspaceWith(metadata?: string): Workspace {
  const root = temporaryFolder(metadata === undefined ? { ".beads/": "" } : { ".beads/metadata.json": metadata });
  return workspaceIn(join(root, ".beads"));
}

describe("readMetadata", () => {
  test("reads what the Go program wrote, and keeps keys that we don't know", () => {
    const workspace = workspaceWith(
      '{"database":"dolt","backend":"dolt","dolt_mode":"server","dolt_server_host":"127.0.0.1","dolt_server_port":3307,' +
        '"dolt_database":"gold","project_id":"467c13d5-118e-4571-95e2-a3d470438905","future":{"a":1}}',
    );

    expect(readMetadata(workspace)).toEqual({
      database: "dolt",
      backend: "dolt",
      dolt_mode: "server",
      dolt_server_host: "127.0.0.1",
      dolt_server_port: 3307,
      dolt_database: "gold",
      project_id: "467c13d5-118e-4571-95e2-a3d470438905",
      future: { a: 1 },
    });
  });

  test("is undefined without a file, and drops nulls", () => {
    expect(readMetadata(workspaceWith())).toBeUndefined();
    expect(readMetadata(workspaceWith('{"dolt_database":null}'))).toEqual({});
  });

  test("reads a file with a byte order mark", () => {
    expect(readMetadata(workspaceWith('\uFEFF{"dolt_database":"x"}'))).toEqual({ dolt_database: "x" });
  });

  test.each([
    [
      "a truncated file",
      '{\n  "backend": "dolt",\n  "dolt_database": "go',
      3,
      "it is not valid JSON, or ends too early",
    ],
    ["a file cut after a comma", '{\n  "backend": "dolt",\n', 2, "it is not valid JSON, or ends too early"],
    [
      "a misspelt word",
      '{\n  "dolt_server_tls": tru,\n  "backend": "dolt"\n}',
      2,
      "it is not valid JSON, or ends too early",
    ],
    ["an empty file", "\n\n", 1, "it is empty"],
    ["a file of brackets", "[".repeat(60_000), 1, "it is not valid JSON, or ends too early"],
    ["a file of braces", '{"a":'.repeat(20_000), 1, "it is not valid JSON, or ends too early"],
    ["a list", "[]", 1, "it must hold one JSON object"],
    ["lists in lists", `{"x": ${"[".repeat(5000)}${"]".repeat(5000)}}`, 1, "it is nested too deeply"],
    ["a deep text without an end", `{"x": ${"[".repeat(50_000)}`, 1, "it is not valid JSON, or ends too early"],
    [
      "a port in quotes",
      '{\n  "backend": "dolt",\n  "dolt_server_port": "3307"\n}',
      3,
      "dolt_server_port must be a number",
    ],
  ])("names file and line of %s", async (_title, text, line, problem) => {
    const workspace = workspaceWith(text);

    const error = await bdErrorOf(() => readMetadata(workspace));

    expect(error).toMatchObject({ kind: "config", code: "METADATA_INVALID" });
    expect(error.message).toBe(`${workspace.metadataPath}, line ${line}: ${problem}`);
    expect(error.details).toEqual({ path: workspace.metadataPath, line });
  });

  test("names a file that can't be read", async () => {
    const root = temporaryFolder({ ".beads/metadata.json/": "" });
    const workspace = workspaceIn(join(root, ".beads"));

    const error = await bdErrorOf(() => readMetadata(workspace));

    expect(error).toMatchObject({ kind: "config", code: "FILE_UNREADABLE" });
    expect(error.message).toBe(`${workspace.metadataPath} can't be read (EISDIR)`);
  });
});

describe("writeMetadata", () => {
  test("writes known keys in the peer's order, then the others, and leaves no temporary file", () => {
    const workspace = workspaceWith();

    writeMetadata(workspace, {
      future: true,
      project_id: "p",
      dolt_mode: "server",
      database: "dolt",
      backend: undefined,
    });

    expect(readFileSync(workspace.metadataPath, "utf8")).toBe(
      '{\n  "database": "dolt",\n  "dolt_mode": "server",\n  "project_id": "p",\n  "future": true\n}\n',
    );
    expect(readdirSync(workspace.beadsDir)).toEqual(["metadata.json"]);
  });

  test("keeps the mode of the file, and a symbolic link to one beside it", () => {
    const root = temporaryFolder({ ".beads/real.json": "{}" });
    const workspace = workspaceIn(join(root, ".beads"));
    chmodSync(join(root, ".beads/real.json"), 0o600);
    symlinkSync("real.json", workspace.metadataPath);

    writeMetadata(workspace, { project_id: "p" });

    expect(lstatSync(workspace.metadataPath).isSymbolicLink()).toBe(true);
    expect(statSync(workspace.metadataPath).mode & 0o777).toBe(0o600);
    expect(readMetadata(workspace)).toEqual({ project_id: "p" });
  });

  test("writes to no file outside of the workspace, whatever a link says", async () => {
    const root = temporaryFolder({ "mine.json": "{}", ".beads/": "" });
    const workspace = workspaceIn(join(root, ".beads"));
    symlinkSync("../mine.json", workspace.metadataPath);

    const error = await bdErrorOf(() => writeMetadata(workspace, { project_id: "p" }));

    expect(error).toMatchObject({ kind: "config", code: "LINK_LEADS_OUT" });
    expect(error.message).toContain(`leads to ${root}/mine.json, out of ${workspace.beadsDir}`);
    expect(readFileSync(join(root, "mine.json"), "utf8")).toBe("{}");
    expect(readMetadata(workspace)).toEqual({});
  });

  test("keeps keys that have the names of what every object has", () => {
    const workspace = workspaceWith('{"__proto__": {"a": 1}, "constructor": 1, "toString": 2, "project_id": "p"}');
    const metadata = readMetadata(workspace);

    writeMetadata(workspace, metadata ?? {});

    expect(readFileSync(workspace.metadataPath, "utf8")).toBe(
      '{\n  "project_id": "p",\n  "__proto__": {\n    "a": 1\n  },\n  "constructor": 1,\n  "toString": 2\n}\n',
    );
  });

  test("names a file that can't be written", async () => {
    const workspace = workspaceIn("/nonexistent/.beads");

    const error = await bdErrorOf(() => writeMetadata(workspace, {}));

    expect(error).toMatchObject({ kind: "config", code: "FILE_NOT_WRITABLE" });
  });
});

describe("metadataWith", () => {
  test("gives a value the type that the file wants, and takes one out", () => {
    expect(metadataWith({ project_id: "p" }, "dolt.port", "3310")).toEqual({ project_id: "p", dolt_server_port: 3310 });
    expect(metadataWith({}, "dolt.tls", "on")).toEqual({ dolt_server_tls: true });
    expect(metadataWith({ dolt_database: "x" }, "dolt.database", undefined).dolt_database).toBeUndefined();
  });

  test("refuses what does not fit", async () => {
    const error = await bdErrorOf(() => metadataWith({}, "dolt.port", "abc"));

    expect(error).toMatchObject({ kind: "usage", code: "SETTING_INVALID" });
  });
});
