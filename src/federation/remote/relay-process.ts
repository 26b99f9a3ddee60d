import { once } from "node:events";
import { BdError, command, interrupted } from "../../errors.ts";
import { type ChildProcess, startProgram } from "../../host/child-process.ts";
import { errnoOf } from "../../host/errno.ts";
import type { Row } from "../../store/query.ts";
import { makePrivateFolder, unusableFolder } from "./relay-folder.ts";

/**
 * What the relay's dolt processes may know of the person's environment: how to reach the world, and nothing more. No PATH,
 * because dolt runs `uname` where it finds one, which would inherit the password.
 */
const PASSED_ON = [
  "TMPDIR",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
];

const IMPATIENCE_MS = 5000;
const MAX_TEXT = 1024 * 1024;
const KEPT = "interrupted; what the remote had taken by then stays there";

export interface DoltProcess {
  /** The program, absolute. */
  readonly dolt: string;
  /** The scratch folder, in which nobody else's dolt works. */
  readonly folder: string;
  /** Where this dolt keeps its own settings: never the person's. */
  readonly doltHome: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A statement with its values in place. */
export function statement(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return strings.reduce((text, part, index) => text + quoted(values[index - 1] ?? "") + part);
}

/** A call of a procedure; what is no value, such as a subquery made by `statement`, comes last. */
export function call(procedure: string, values: readonly string[], ...expressions: readonly string[]): string {
  return `call ${procedure}(${[...values.map(quoted), ...expressions].join(", ")})`;
}

function quoted(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** Makes the scratch folder a Dolt repository of its own. Throws BdError, config RELAY_FOLDER among them. */
export async function initScratch(dolt: DoltProcess): Promise<void> {
  await makePrivateFolder(dolt.folder);
  await makePrivateFolder(dolt.doltHome);
  const identity = ["--name", "bd-relay", "--email", "bd-relay@local", "-b", "main"];
  try {
    await run(dolt, { args: ["init", ...identity], input: "", password: undefined });
  } catch (error) {
    if (error instanceof BdError) throw error;
    throw unusableFolder(`dolt can't make a repository in ${dolt.folder}`, error);
  }
}

/**
 * Runs statements in one dolt process, one after the other up to the first that fails, and gives the rows of all that
 * answered. They go through its standard input, so its arguments say nothing; the password is in its environment and
 * nowhere else. Throws Error with Dolt's own words, BdError when it can't be run or Ctrl-C ends it.
 */
export async function runStatements(
  dolt: DoltProcess,
  statements: readonly string[],
  password?: string,
): Promise<readonly Row[]> {
  const input = statements.map((text) => `${text};\n`).join("");
  const output = await run(dolt, { args: ["sql", "-r", "json"], input, password, statements });
  return output.split("\n").flatMap((line) => (line.startsWith("{") ? rowsOf(line) : []));
}

function rowsOf(line: string): readonly Row[] {
  const answer: { readonly rows?: readonly Row[] } = JSON.parse(line);
  return answer.rows ?? [];
}

interface Run {
  readonly args: readonly string[];
  readonly input: string;
  readonly password: string | undefined;
  readonly statements?: readonly string[];
}

async function run(dolt: DoltProcess, { args, input, password, statements = [] }: Run): Promise<string> {
  const { signal } = dolt;
  if (signal.aborted) throw interrupted(KEPT);
  const child = startProgram(dolt.dolt, args, {
    cwd: dolt.folder,
    env: { ...variables(dolt), ...(password === undefined ? {} : { DOLT_REMOTE_PASSWORD: password }) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const stop = () => end(child);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [stdout, stderr, exitCode] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      exitOf(child, dolt.dolt),
      feed(child, input),
    ]);
    if (signal.aborted) throw interrupted(KEPT);
    if (exitCode === 0) return stdout;
    throw failure(stderr || stdout || `dolt ended with ${String(exitCode)}`, statements);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function variables({ env, doltHome }: DoltProcess): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // Dolt sends usage events home unless told not to.
  return { ...Object.fromEntries(passed), DOLT_ROOT_PATH: doltHome, DOLT_DISABLE_EVENT_FLUSH: "true" };
}

async function feed(child: ChildProcess, input: string): Promise<void> {
  // A process that has ended early says why by other means.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
}

async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream ?? []) {
    length += chunk.length;
    if (length <= MAX_TEXT) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function exitOf(child: ChildProcess, path: string): Promise<number | string> {
  try {
    const [code, signal]: (number | string | null)[] = await once(child, "close");
    return code ?? signal ?? "nothing";
  } catch (error) {
    throw new BdError("unavailable", "RELAY_FAILED", `${path} can't be run (${errnoOf(error) ?? "unknown error"})`, {
      hint: command`bd server install`,
      cause: error,
    });
  }
}

/** Asks it to end, which it does cleanly; insists after a while. */
function end(child: ChildProcess): void {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), IMPATIENCE_MS).unref();
}

/** Dolt repeats the failing statement before it says what is wrong. */
function failure(text: string, statements: readonly string[]): Error {
  const failed = statements.find((one) => text.includes(`for query ${one}: `));
  const words = failed === undefined ? text : text.slice(text.indexOf(failed) + failed.length + ": ".length);
  return Object.assign(new Error(words.trim()), { statement: failed });
}

/** The statement that failed, where one did; undefined for all other errors. */
export function failedStatement(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("statement" in error)) return undefined;
  return typeof error.statement === "string" ? error.statement : undefined;
}
