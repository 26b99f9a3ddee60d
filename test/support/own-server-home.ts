import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doltBinary } from "./dolt-binary.ts";
import { freePort } from "./private-dolt.ts";
import { spawnBd } from "./run-bd.ts";

/** A person's home in which `bd server start` may start a server of its own. */
export interface OwnServerHome {
  readonly home: string;
  readonly env: Record<string, string>;
  /** Stops the server and removes the home. */
  remove(): Promise<void>;
}

export async function makeOwnServerHome(): Promise<OwnServerHome> {
  const home = mkdtempSync(join(tmpdir(), "bd-own-server-"));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    BEADS_DOLT_BIN: doltBinary(),
    BEADS_DOLT_SERVER_PORT: String(await freePort()),
    DOLT_DISABLE_EVENT_FLUSH: "true",
  };
  return {
    home,
    env,
    async remove() {
      await spawnBd(["server", "stop"], { cwd: home, env }).done;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
