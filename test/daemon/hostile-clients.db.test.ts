import { realpathSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectDaemon } from "../../src/rpc/ask-daemon.ts";
import { connectTo } from "../../src/rpc/socket-path.ts";
import { runThin, startDaemon, type TestDaemon } from "../support/daemon.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

let workspace: TestWorkspace;
let daemon: TestDaemon;
beforeAll(async () => {
  workspace = await makeWorkspace({ prefix: "foe" });
  daemon = await startDaemon(realpathSync(join(workspace.dir, ".beads")), { env: workspace.env });
});
afterAll(async () => {
  await daemon.stop();
  await workspace.remove();
});

/** Sends bytes, and gives what came back until the daemon hung up, or undefined where it did not within a while. */
async function send(...pieces: readonly (string | Uint8Array)[]): Promise<string | undefined> {
  const socket = connectTo(daemon.beadsDir);
  const heard: Buffer[] = [];
  socket.on("data", (chunk) => heard.push(chunk));
  socket.on("error", () => {});
  for (const piece of pieces) {
    if (!socket.write(piece)) await new Promise((resolve) => void socket.once("drain", resolve).once("close", resolve));
    if (socket.destroyed) break;
  }
  const isClosed = await Promise.race([
    new Promise((resolve) => socket.once("close", () => resolve(true))),
    new Promise((resolve) => setTimeout(() => resolve(socket.destroyed), 1000)),
  ]);
  socket.destroy();
  return isClosed === true ? Buffer.concat(heard).toString("utf8") : undefined;
}

const line = (fields: object) => `${JSON.stringify(fields)}\n`;

test.each<[string, readonly (string | Uint8Array)[]]>([
  ["words that are no JSON", ["hello\n"]],
  ["bytes that are no text", [Buffer.from([0xff, 0xfe, 0x00, 0x0a])]],
  ["JSON that is no frame", [line({ id: 1, op: 7 })]],
  ["a line without a terminal", [line({ id: 1, line: { argv: ["list"], cwd: "/", env: {} } })]],
  ["a variable that is no text", [line({ id: 1, line: { argv: [], cwd: "/", env: { HOME: {} }, terminal: {} } })]],
  [
    "an id that runs already",
    [line({ id: 1, op: "change.watch", input: { from_start: false, filter: {}, once: false } }).repeat(2)],
  ],
  ["100 MB without a line feed", Array.from({ length: 100 }, () => Buffer.alloc(1024 * 1024, "x"))],
])("%s: the connection ends, with a word", async (_what, pieces) => {
  expect(await send(...pieces)).toContain('"code":"BAD_FRAME"');
});

test.each<[string, readonly string[]]>([
  ["nothing", []],
  ["half a frame", ['{"id": 1, "op": "iss']],
  ["answers to what nobody asked", [line({ id: 9, stdin: "eA==" }), line({ id: 9, cancel: true })]],
])("%s: the connection waits for more", async (_what, pieces) => {
  expect(await send(...pieces)).toBeUndefined();
});

test("operations of the machine, and those that are none, are refused; wrong input is the operation's to refuse", async () => {
  const program = await connectDaemon(daemon.beadsDir);
  if (typeof program === "string") throw new Error(program);
  const ask = async (fields: object) => {
    program.send({ id: 1, ...fields });
    return program.next();
  };
  expect(await ask({ op: "server.stop" })).toMatchObject({ kind: "error", code: "UNKNOWN_OPERATION" });
  expect(await ask({ op: "no.such" })).toMatchObject({ kind: "error", code: "UNKNOWN_OPERATION" });
  expect(await ask({ op: "__proto__" })).toMatchObject({ kind: "error", code: "UNKNOWN_OPERATION" });
  expect(await ask({ op: "issue.show", input: { ids: 7 } })).toMatchObject({ kind: "error", code: "BAD_INPUT" });
  const draft = { draft: { title: "X" }, labels: [], deps: [], inherit_labels: false, force: false, dry_run: false };
  expect(await ask({ op: "issue.capture", input: draft, caller: { readonly: true } })).toMatchObject({
    code: "READ_ONLY",
  });
  program.close();
});

test("a client that leaves in the middle leaves nothing running, and all others are served as before", async () => {
  const gone = await connectDaemon(daemon.beadsDir);
  if (typeof gone === "string") throw new Error(gone);
  gone.send({ id: 1, op: "change.watch", input: { from_start: false, filter: {}, once: false } });
  const running = async () => {
    const { stdout } = await runThin(["daemon", "status", "--json"], { cwd: workspace.dir, env: workspace.env });
    return JSON.parse(stdout).requests.running;
  };
  await expect.poll(running).toBe(2);
  gone.close();
  await expect.poll(running).toBe(1);
});
