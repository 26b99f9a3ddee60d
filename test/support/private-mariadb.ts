import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { freePort } from "./private-dolt.ts";

export interface PrivateMariadb {
  readonly port: number;
  stop(): Promise<void>;
}

const PLACES = ["/usr/sbin/mariadbd", "/usr/bin/mariadbd", "/usr/local/sbin/mariadbd", "/usr/local/bin/mariadbd"];
const START_DEADLINE_MS = 30_000;

/** Why there is no MariaDB to test against; undefined where there is one. */
export function mariadbMissing(): string | undefined {
  return PLACES.some(existsSync) ? undefined : "no mariadbd is installed (Debian: mariadb-server-core)";
}

/** Whether a missing MariaDB is a failure: in CI, and where `BD_TEST_REQUIRE_MARIADB` says so. */
export function mariadbIsRequired(): boolean {
  return Boolean(process.env.CI ?? process.env.BD_TEST_REQUIRE_MARIADB);
}

/** Starts a MariaDB of the caller's own on a free port, which lets everybody in, with one empty database. */
export async function startPrivateMariadb(database: string): Promise<PrivateMariadb> {
  const root = mkdtempSync(join(tmpdir(), "bd-mariadb-"));
  const dataDir = join(root, "data");
  mkdirSync(dataDir);
  const port = await freePort();
  // Without grant tables it needs no system database, which Debian's core package alone can't make.
  const server = spawn(
    program(),
    [
      ["--no-defaults", "--skip-grant-tables", `--user=${userInfo().username}`, `--datadir=${dataDir}`],
      [`--port=${port}`, "--bind-address=127.0.0.1", "--skip-networking=0"],
      [`--socket=${join(root, "socket")}`, `--pid-file=${join(root, "pid")}`],
    ].flat(),
    { stdio: "ignore" },
  );
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const exited = once(server, "exit");
      server.kill("SIGKILL");
      await exited;
    }
    rmSync(root, { recursive: true, force: true });
  };
  try {
    await answers(port, database);
    return { port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers(port: number, database: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    try {
      const connection = await createConnection({ host: "127.0.0.1", port, user: "root" });
      await connection.query(`CREATE DATABASE \`${database}\``);
      await connection.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error("mariadbd does not answer", { cause: error });
      await delay(50);
    }
  }
}

function program(): string {
  const path = PLACES.find(existsSync);
  if (path === undefined) throw new Error(mariadbMissing());
  return path;
}
