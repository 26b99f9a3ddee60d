import { join } from "node:path";
import type { ServerEnvironment } from "../server-environment.ts";
import { authorOf, readUnit, SERVER_UNIT, type UnitAuthor, unitFolders } from "./unit-files.ts";
import { unquoteArgument } from "./unit-quoting.ts";

/** The server's unit as its file says it, whoever wrote it; what the file doesn't say plainly is undefined. */
export interface InstalledServerUnit {
  readonly path: string;
  readonly author: UnitAuthor;
  readonly dolt: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly dataDir: string | undefined;
}

/** Looks at files only. Undefined where there is no unit, as on every machine without systemd. */
export async function installedServerUnit(
  environment: Pick<ServerEnvironment, "env" | "home">,
): Promise<InstalledServerUnit | undefined> {
  for (const folder of unitFolders(environment)) {
    const path = join(folder, SERVER_UNIT);
    const text = await readUnit(path).catch(() => undefined);
    if (text !== undefined) return { path, author: authorOf(text), ...serverOf(text, environment.home) };
  }
  return undefined;
}

const WORD = String.raw`("(?:[^"\\]|\\.)*"|\S+)`;

function serverOf(text: string, home: string): Omit<InstalledServerUnit, "path" | "author"> {
  const [, dolt, options = ""] = new RegExp(`^ExecStart=${WORD} sql-server (.*)$`, "m").exec(text) ?? [];
  const meaning = (written: string | undefined) => (written === undefined ? undefined : unquoteArgument(written, home));
  const option = (name: string) => meaning(new RegExp(`(?:^| )--${name}[ =]${WORD}`).exec(options)?.[1]);
  const port = Number(option("port"));
  return {
    dolt: meaning(dolt),
    host: option("host"),
    port: Number.isInteger(port) ? port : undefined,
    dataDir: option("data-dir"),
  };
}
