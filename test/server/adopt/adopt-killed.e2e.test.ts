import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { serverPaths } from "../../../src/server/server-paths.ts";
import { bytesOf } from "../../support/bytes-of.ts";
import { doltBinary } from "../../support/dolt-binary.ts";
import { freePort } from "../../support/private-dolt.ts";
import { BD_PATH } from "../../support/run-bd.ts";
import { testEnvironment } from "../../support/server-environment.ts";

const NAMES = ["alpha", "beta", "gamma"];
/** A run takes about two seconds here. */
const KILLED_AFTER_MS = [100, 250, 500, 800, 1200, 1700, 2300];

test("killed at any moment, an adoption leaves the old folder as it was and whole databases alone in ours, and is run again", async () => {
  const environment = testEnvironment({ env: { BEADS_DOLT_BIN: doltBinary() } });
  onTestFinished(() => environment.remove());
  const { dataDir } = serverPaths(environment);
  const project = join(environment.home, "project");
  const old = join(project, ".beads/dolt");
  const env = { ...environment.env, HOME: environment.home, BEADS_DOLT_SERVER_PORT: String(await freePort()) };
  const dolt = (args: readonly string[], cwd: string, input?: string) => {
    const { status, stdout, stderr } = spawnSync(doltBinary(), args, { cwd, env, input, encoding: "utf8" });
    expect({ args, status, stderr }).toMatchObject({ status: 0 });
    return stdout;
  };
  for (const name of NAMES) {
    const folder = join(old, name);
    mkdirSync(folder, { recursive: true });
    dolt(["init", "--name", "Ann", "--email", "ann@example.test"], folder);
    const rows = Array.from({ length: 500 }, (_, n) => `(${n}, '${name}')`).join(",");
    dolt(["sql"], folder, `CREATE TABLE marks (id INT PRIMARY KEY, word TEXT);\nINSERT INTO marks VALUES ${rows};\n`);
  }
  const before = bytesOf(old);
  const ours = () => readdirSync(dataDir).filter((name) => NAMES.includes(name));
  const adopt = () => spawn(process.execPath, [BD_PATH, "server", "adopt", project], { env, stdio: "ignore" });

  const found: number[] = [];
  for (const ms of KILLED_AFTER_MS) {
    const run = adopt();
    const ended = once(run, "exit");
    await Promise.race([delay(ms), ended]);
    run.kill("SIGKILL");
    await ended;
    expect(bytesOf(old)).toEqual(before);
    mkdirSync(dataDir, { recursive: true });
    found.push(ours().length);
    for (const name of ours()) {
      const counted = dolt(["sql", "-r", "csv", "-q", "SELECT COUNT(*) AS n FROM marks"], join(dataDir, name));
      expect([name, counted.trim()]).toEqual([name, "n\n500"]);
    }
  }
  // Some were killed before the first was in its place.
  expect(found[0]).toBe(0);
  const last = adopt();
  expect((await once(last, "exit"))[0]).toBe(0);
  expect(ours().toSorted()).toEqual(NAMES);
  expect(readdirSync(dataDir).filter((name) => name.startsWith(".bd-adopt-"))).toEqual([]);
  expect(bytesOf(old)).toEqual(before);
});
