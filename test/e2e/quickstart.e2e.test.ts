import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { doltPort } from "../support/dolt-port.ts";
import { makeOwnServerHome, type OwnServerHome } from "../support/own-server-home.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/quickstart.ts");

let place: OwnServerHome;
let home: string;
let env: Record<string, string>;

beforeAll(async () => {
  place = await makeOwnServerHome();
  ({ home, env } = place);
});

afterAll(() => place.remove());

async function run(command: string, args: readonly string[], more: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd: home, env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

const quickstart = (more?: Record<string, string>) => run(process.execPath, [SCRIPT], more);

it("gives a tracker that runs, and again without doubling anything", async () => {
  const first = await quickstart();
  expect({ code: first.code, stderr: first.code === 0 ? "" : first.stderr }).toEqual({ code: 0, stderr: "" });
  expect(first.stdout).toContain("Dolt server started");
  expect(first.stdout).toMatch(/\n== bd ready\n(?:○ \S+ +P\d .*\n){3}\n/);
  expect(first.stdout).toContain(`\n  bd server stop && rm -rf '${home}/.beads' `);
  expect(first.stdout).toContain(`${home}/.config/beads, ${home}/.dolt\n`);

  const second = await quickstart();
  expect(second.code).toBe(0);
  expect(second.stdout).toContain("Our own server runs already");
  expect(second.stdout).toContain("The demo has its 6 issues already.");

  const line = /export PATH=.*/.exec(second.stdout)?.[0] ?? "";
  const ready = await run("sh", ["-c", `${line} && bd list --json --limit 0`]);
  expect(JSON.parse(ready.stdout)).toHaveLength(6);
});

it("touches only its own database where somebody else's server answers", async () => {
  const other = { HOME: mkdtempSync(join(home, "other-")), BEADS_DOLT_SERVER_PORT: String(doltPort()) };
  const { code, stdout } = await quickstart(other);
  expect(code).toBe(0);
  expect(stdout).toContain("somebody else's server, with somebody else's data");
  expect(stdout).toContain("DROP DATABASE beads_demo");
  const metadata = JSON.parse(readFileSync(join(other.HOME, ".beads/demo/.beads/metadata.json"), "utf8"));
  expect(metadata).toMatchObject({ dolt_database: "beads_demo", dolt_server_port: doltPort() });
  const admin = await createConnection({ host: "127.0.0.1", port: doltPort(), user: "root" });
  await admin.query("DROP DATABASE beads_demo");
  await admin.end();
});
