import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { misfitOfOperation } from "../support/checked-wires.ts";
import { doltPort } from "../support/dolt-port.ts";
import { makeOwnServerHome, type OwnServerHome } from "../support/own-server-home.ts";
import { recordIn } from "../support/payload.ts";
import { type BdResult, spawnBd } from "../support/run-bd.ts";

let place: OwnServerHome;
let home: string;
let env: Record<string, string>;

beforeAll(async () => {
  place = await makeOwnServerHome();
  ({ home, env } = place);
});

afterAll(() => place.remove());

const bd = (...args: string[]): Promise<BdResult> => spawnBd(["server", ...args], { cwd: home, env }).done;

async function json(command: string, ...args: string[]): Promise<unknown> {
  const { schema_version: _version, ...payload } = recordIn(JSON.parse((await bd(command, ...args, "--json")).stdout));
  expect(await misfitOfOperation(`server.${command}`, payload)).toBeUndefined();
  return payload;
}

it("starts, says who answers, shows its log, and stops", async () => {
  const port = Number(env["BEADS_DOLT_SERVER_PORT"]);
  const dataDir = join(home, ".beads/dolt");
  expect((await bd("logs")).code).toBe(3);
  expect(await json("status")).toMatchObject({ state: "stopped", running: false, port });

  expect(await json("start")).toEqual({
    outcome: "started",
    pid: expect.any(Number),
    host: "127.0.0.1",
    port,
    data_dir: dataDir,
    log_file: join(dataDir, "bd-server.log"),
  });
  expect(await json("start")).toMatchObject({ outcome: "already-running" });
  const status = await bd("status");
  expect(status.stdout).toMatch(
    /^Our Dolt server: running \(PID \d+\)\n {2}127\.0\.0\.1:\d+: Dolt \d+\.\d+\.\d+ answers\n/,
  );
  expect(await json("logs", "-n", "1")).toMatchObject({ lines: [expect.any(String)] });

  expect(await json("stop")).toMatchObject({ outcome: "stopped" });
  expect(await json("stop")).toEqual({ outcome: "not-running" });
});

it("refuses a port that another server holds, names it, and never stops it", async () => {
  const { code, stderr } = await bd("start", "--port", String(doltPort()));
  expect(code).toBe(5);
  expect(stderr).toMatch(/is held by a server that we did not start: Dolt \d+\.\d+\.\d+ answers there/);
  expect((await bd("stop")).stdout).toContain("nothing was stopped");
  expect(await json("status", "--port", String(doltPort()))).toMatchObject({
    running: false,
    answers: expect.stringMatching(/^Dolt /),
  });
});

it("does not start with --readonly, nor on what is no port", async () => {
  expect((await bd("start", "--readonly")).code).toBe(1);
  const { code, stderr } = await bd("start", "--port", "high");
  expect(code).toBe(2);
  expect(stderr).toContain("'--port <port>' argument 'high' is invalid");
});

it("needs no workspace where -C says", async () => {
  const { stdout } = await spawnBd(["-C", home, "server", "status", "--json"], { cwd: "/", env }).done;
  expect(JSON.parse(stdout)).toMatchObject({ port: Number(env["BEADS_DOLT_SERVER_PORT"]) });
});
