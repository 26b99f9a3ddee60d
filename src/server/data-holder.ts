import { readFile } from "node:fs/promises";
import { inspectProcess } from "./process-identity.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import { serverPaths } from "./server-paths.ts";

/** The process that listens for a data folder, as dolt itself notes it: `PID:PORT:UUID`. It may have gone since. */
export async function notedListener(doltInfoFile: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(doltInfoFile, "utf8")).split(":")[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined; // nobody has ever listened, or has gone in order
  }
}

/** The dolt server that works on our data folder, whoever started it. */
export async function dataHolder(environment: ServerEnvironment): Promise<number | undefined> {
  const pid = await notedListener(serverPaths(environment).doltInfoFile);
  if (pid === undefined) return undefined;
  const isServer = (await inspectProcess(environment, pid))?.commandLine.includes(" sql-server ") === true;
  return isServer ? pid : undefined;
}
