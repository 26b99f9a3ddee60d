import { realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { childEnvironment, runTool, startProgram } from "../../src/host/child-process.ts";
import { findOnPath } from "../../src/host/find-program.ts";
import { temporaryFolder } from "../config/temporary-folder.ts";
import { fakeProgram } from "../support/fake-program.ts";

describe("a program is looked for", () => {
  test("in absolute folders of PATH alone, whatever lies in the working directory", async () => {
    const folder = temporaryFolder();
    const planted = fakeProgram(join(folder, "planted/tool"), "echo planted");
    const installed = fakeProgram(join(folder, "bin/tool"), "echo installed");
    const relative = [".", "", "planted", "./planted"].join(delimiter);

    for (const PATH of [relative, "", undefined]) {
      expect(await findOnPath({ env: { PATH } }, "tool")).toBeUndefined();
      const call = { path: "tool", args: [], cwd: join(planted, "..") };
      expect(await runTool({ env: { PATH } }, call)).toEqual({ kind: "unrunnable", reason: "ENOENT" });
    }
    expect(await findOnPath({ env: { PATH: `${relative}:${join(folder, "bin")}` } }, "tool")).toBe(installed);
  });

  test("by its own name, not by a path that depends on where the command runs", async () => {
    const folder = temporaryFolder();
    fakeProgram(join(folder, "tool"), "echo planted");
    const call = { path: "./tool", args: [], cwd: folder };

    expect(await runTool({ env: { PATH: "/nonexistent" } }, call)).toMatchObject({ kind: "unrunnable" });
    expect(() => startProgram("./tool", [], { cwd: folder, env: {} })).toThrow("is looked for before");
  });
});

describe("a child process", () => {
  const PERSON = {
    PATH: ["/usr/bin", ".", "", "/bin", "node_modules/.bin"].join(delimiter),
    HOME: "/home/ann",
    BEADS_ACTOR: "ann",
    BEADS_DOLT_PASSWORD: "s3cret",
    BD_DOLT_PASSWORD: "s3cret",
    BD_GITHUB_TOKEN: "s3cret",
    DOLT_CLI_PASSWORD: "s3cret",
    DOLT_REMOTE_PASSWORD: "s3cret",
    DOLT_ROOT_PASSWORD: "s3cret",
    DOLT_REMOTE_PASSWORD_FILE: "/home/ann/pw",
    BEADS_CREDENTIALS_FILE: "/home/ann/credentials",
  };
  const INHERITED = {
    PATH: ["/usr/bin", "/bin"].join(delimiter),
    HOME: "/home/ann",
    BEADS_ACTOR: "ann",
    DOLT_REMOTE_PASSWORD_FILE: "/home/ann/pw",
    BEADS_CREDENTIALS_FILE: "/home/ann/credentials",
  };

  test("inherits no secret, and a PATH that leads into no project", () => {
    expect(childEnvironment(PERSON)).toEqual(INHERITED);
    expect(childEnvironment({})).toEqual({});
  });

  test("is given by name what it needs", () => {
    const given = { DOLT_ROOT_PASSWORD: PERSON.DOLT_ROOT_PASSWORD };

    expect(childEnvironment(PERSON, given)).toEqual({ ...INHERITED, ...given });
  });

  test("runs with that, in its folder, on its input", async () => {
    const folder = realpathSync(temporaryFolder());
    const program = fakeProgram(join(folder, "tool"), 'echo "$BEADS_DOLT_PASSWORD/$BEADS_ACTOR/$TZ/$(pwd)/$(cat)"');

    const call = { path: program, args: [], env: { TZ: "UTC" }, cwd: folder, stdin: "in" };
    const result = await runTool({ env: { ...PERSON, PATH: process.env["PATH"] } }, call);

    expect(result).toMatchObject({ kind: "ended", exitCode: 0, stdout: `/ann/UTC/${folder}/in\n` });
  });
});
