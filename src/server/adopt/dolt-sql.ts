import { readFile } from "node:fs/promises";
import { BdError, command } from "../../errors.ts";
import { lastLines, runTool } from "../../host/child-process.ts";
import type { DoltBinary } from "../dolt/find-dolt.ts";
import type { ServerEnvironment } from "../server-environment.ts";

/** Where statements run: by dolt itself on a folder that nobody holds, or by the server that holds it. */
export interface SqlPlace {
  readonly dolt: DoltBinary;
  /** The data folder, which is the working folder too. */
  readonly folder: string;
  readonly server?: LocalServer | undefined;
}

/** How a server lets in whoever owns its files, as it notes it beside them. */
export interface LocalServer {
  readonly pid: number;
  readonly port: string;
  readonly secret: string;
}

export async function localServer(doltInfoFile: string): Promise<LocalServer | undefined> {
  const text = await readFile(doltInfoFile, "utf8").catch(() => "");
  const [pid, port, secret] = text.trim().split(":");
  if (pid === undefined || port === undefined || secret === undefined) return undefined;
  return { pid: Number(pid), port, secret };
}

export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * Runs statements and gives the rows of all together; each is asked to say in a column what it is.
 * Throws BdError rejected DATABASE_UNREADABLE with dolt's words, `interrupted`.
 */
export async function doltSql(
  environment: ServerEnvironment,
  { dolt, folder, server }: SqlPlace,
  statements: readonly string[],
): Promise<readonly SqlRow[]> {
  const result = await runTool(environment, {
    path: dolt.path,
    args: [...(server === undefined ? [] : loginOf(server)), "sql", "-r", "json"],
    stdin: statements.join(";\n"),
    cwd: folder,
    env: { DOLT_DISABLE_EVENT_FLUSH: "true", ...(server === undefined ? {} : { DOLT_CLI_PASSWORD: server.secret }) },
  });
  if (result.kind === "ended" && result.exitCode === 0) return rowsOf(result.stdout);
  const words = result.kind === "ended" ? lastLines(`${result.stdout}\n${result.stderr}`, 2).join(" ") : result.reason;
  throw unreadable(folder, words);
}

export function unreadable(path: string, words: string): BdError {
  return new BdError("rejected", "DATABASE_UNREADABLE", `dolt does not take what lies in ${path}: ${words}`, {
    hint: command`bd server install`,
    details: { path },
  });
}

function loginOf({ port }: LocalServer): string[] {
  return ["--host", "127.0.0.1", "--port", port, "--user", "__dolt_local_user__", "--no-tls"];
}

/** A line of JSON for each statement; without rows it is `{}`, or nothing. */
function rowsOf(stdout: string): SqlRow[] {
  return stdout.split("\n").flatMap((line) => {
    if (!line.startsWith('{"rows"')) return [];
    const { rows } = JSON.parse(line);
    return rows;
  });
}

export function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

export function named(...parts: readonly string[]): string {
  return `\`${parts.join("/").replaceAll("`", "``")}\``;
}
