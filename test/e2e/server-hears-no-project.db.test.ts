import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { doltBinary } from "../support/dolt-binary.ts";
import { freePort } from "../support/private-dolt.ts";
import { runBd } from "../support/run-bd.ts";

let root: string;
let port: number;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "bd-hostile-"));
  port = await freePort();
  for (const name of ["home", "plain", "project/.beads"]) mkdirSync(join(root, name), { recursive: true });
  const metadata = {
    backend: "dolt",
    dolt_mode: "server",
    dolt_server_host: "127.0.0.1\nExecStartPre=/bin/sh -c id",
    dolt_server_port: 3999,
    dolt_server_user: "mallory",
    dolt_server_socket: "/tmp/theirs.sock",
    dolt_database: "theirs",
  };
  writeFileSync(join(root, "project/.beads/metadata.json"), JSON.stringify(metadata));
  writeFileSync(
    join(root, "project/.beads/config.yaml"),
    "dolt:\n  host: 0.0.0.0\n  port: 3998\n  data-dir: /tmp/theirs\n",
  );
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function run(folder: string, words: readonly string[]) {
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: join(root, "home"),
    BEADS_DOLT_BIN: doltBinary(),
    BEADS_DOLT_SERVER_PORT: String(port),
  };
  return runBd([...words], { cwd: join(root, folder), env });
}

test.each([
  [["server", "status"]],
  [["server", "status", "--json"]],
  [["server", "logs"]],
  [["server", "install-unit", "--dry-run"]],
  [["server", "install-unit", "--dry-run", "--json"]],
  [["server", "install"]],
])("bd %j says the same in a hostile project as anywhere", async (words) => {
  const anywhere = await run("plain", words);

  expect(await run("project", words)).toEqual(anywhere);
  expect(anywhere.stdout).not.toMatch(/0\.0\.0\.0|399[89]|ExecStartPre=\/bin\/sh -c id|mallory|theirs/);
});

test("a server that is started there listens on this machine alone, and where the person says", async () => {
  const started = await run("project", ["server", "start", "--json"]);
  try {
    expect(JSON.parse(started.stdout)).toMatchObject({
      host: "127.0.0.1",
      port,
      data_dir: join(root, "home/.beads/dolt"),
    });
  } finally {
    expect((await run("project", ["server", "stop"])).code).toBe(0);
  }
});
