import { realpathSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lineReader } from "../../src/rpc/line-reader.ts";
import { PROTOCOL } from "../../src/rpc/protocol.ts";
import { socketPath } from "../../src/rpc/socket-path.ts";
import { runThin } from "../support/daemon.ts";
import { PACKAGE_ROOT, runInProcess } from "../support/run-bd.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "lost" });
});
afterAll(() => workspace.remove());

/** A daemon of a scripted kind: after its greeting, `act` does something about the first line that comes. */
async function scripted(greeting: object, act: (client: Socket) => void = () => {}) {
  const workspaceFolder = realpathSync(join(workspace.dir, ".beads"));
  const server = createServer((client) => {
    client.on("error", () => {});
    client.on(
      "data",
      lineReader(() => act(client)),
    );
    const usual = {
      protocol: PROTOCOL,
      version: "9",
      pid: 1,
      program: PACKAGE_ROOT,
      workspace: workspaceFolder,
      umask: process.umask(),
      salt: "x",
    };
    client.write(`${JSON.stringify({ ...usual, ...greeting })}\n`);
  });
  await new Promise<void>((resolve) => server.listen(socketPath(workspaceFolder), resolve));
  return {
    path: socketPath(workspaceFolder),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

const thin = (...args: string[]) => runThin(args, { cwd: workspace.dir, env: workspace.env });
const frame = (fields: object) => `${JSON.stringify({ id: 1, ...fields })}\n`;

describe("nothing is sent to", () => {
  test.each<[string, object, RegExp]>([
    ["another protocol", { protocol: PROTOCOL + 1 }, /protocol/],
    [
      "a daemon of another folder, as in a container that shares this one",
      { workspace: "/elsewhere/.beads" },
      /knows this/,
    ],
    ["a daemon of another installation, which may be another version", { program: "/nix/store/old" }, /another bd/],
    ["a daemon that does not say what it runs", { program: undefined }, /another bd/],
    ["a daemon with another umask", { umask: 0o007 }, /umask/],
  ])("%s", async (_what, greeting, why) => {
    const heard: string[] = [];
    await using daemon = await scripted(greeting, () => heard.push("a line"));
    expect(daemon.path).toContain("bd.sock");
    expect((await thin("list")).outcome).toEqual({ kind: "direct", why: expect.stringMatching(why) });
    expect(heard).toEqual([]);
  });

  test("somebody who does not say who they are in time", async () => {
    const server = createServer((client) => void client.on("error", () => {}));
    await new Promise<void>((resolve) => server.listen(socketPath(join(workspace.dir, ".beads")), resolve));
    expect((await thin("list")).outcome).toEqual({ kind: "direct", why: expect.stringContaining("in time") });
    server.close();
  });
});

describe("a daemon that ends in the middle of a line", () => {
  const writing = (operationId: string) => ({ writing: { operationId, since: "0".repeat(32), isMarked: false } });

  test.each<[string, string, object]>([
    ["before it said anything", "", { writings: [], isBegun: false }],
    ["after a note", frame({ err: "note\n" }), { writings: [], isBegun: false }],
    ["after some output", frame({ out: "half" }), { writings: [], isBegun: true }],
    ["while it commits", frame(writing("op-1")), { writings: [writing("op-1").writing], isBegun: false }],
    ["with words that are no frame", "rubbish\n", { writings: [], isBegun: false }],
    ["with a frame that nobody knows", frame({ finished: true }), { writings: [], isBegun: false }],
    ["with a code that is no number", frame({ exit: "0" }), { writings: [], isBegun: false }],
    ["with nothing but its number", frame({}), { writings: [], isBegun: false }],
    ["with what is no object", "null\n", { writings: [], isBegun: false }],
  ])("%s leaves what is known of it", async (_when, says, lost) => {
    await using daemon = await scripted({}, (client) => client.end(says));
    expect(daemon.path).toContain("bd.sock");
    expect((await thin("list")).outcome).toEqual({ kind: "lost", lost });
  });

  const attempt = async () => {
    const [head] = await workspace.sql("SELECT DOLT_HASHOF('HEAD') AS h");
    return { operationId: "11111111-2222-7333-8444-555555555555", since: String(head?.["h"]), isMarked: false };
  };
  const after = (writings: object[], isBegun: boolean, ...args: string[]) =>
    runInProcess(args, {
      cwd: workspace.dir,
      env: workspace.env,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the thin client gives it
      lost: { writings, isBegun } as never,
    });
  const titles = async () => (await workspace.sql("SELECT title FROM issues")).map(({ title }) => title);

  test("before its change landed: the line runs here", async () => {
    const result = await after([await attempt()], false, "create", "Not landed");
    expect(result).toMatchObject({ code: 0 });
    expect(await titles()).toContain("Not landed");
  });

  test("after its change landed: it is not made twice, and said", async () => {
    const before = await attempt();
    await workspace.bd(["create", "Landed"]);
    const [last] = await workspace.sql("SELECT message FROM dolt_log LIMIT 1");
    const operationId = /Bd-Op: (\S+)/.exec(String(last?.["message"]))?.[1] ?? "";
    const result = await after([{ ...before, operationId }], false, "create", "Landed", "--json");
    expect(result.code).toBe(5);
    expect(JSON.parse(result.stdout)).toMatchObject({ code: "LANDED_BEFORE", details: { operation_id: operationId } });
    expect((await titles()).filter((title) => title === "Landed")).toHaveLength(1);
  });

  test.each<[string, boolean, number, RegExp]>([
    ["after a part of its output", true, 0, /nothing was changed/],
    ["after a part of its output, while it commits", true, 1, /may have been made/],
    ["at the second of its changes", false, 2, /a part of the changes was made/],
  ])("%s: the line is not begun again", async (_when, isBegun, changes, message) => {
    const writings = [await attempt(), { ...(await attempt()), operationId: "another" }].slice(0, changes);
    const result = await after(writings, isBegun, "create", "Never", "--json");
    expect(JSON.parse(result.stdout)).toMatchObject({ code: "DAEMON_LOST", error: expect.stringMatching(message) });
    expect(await titles()).not.toContain("Never");
  });
});
