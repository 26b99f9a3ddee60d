import { once } from "node:events";
import { childEnvironment, startProgram } from "./child-process.ts";
import { findOnPath } from "./find-program.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** The person's editor, as git chooses it: a full-screen one only where the terminal can show it. Undefined for none. */
export async function findEditor(env: Variables): Promise<string | undefined> {
  const isDumb = (env["TERM"] ?? "dumb") === "dumb";
  const named = (isDumb ? undefined : env["VISUAL"]) || env["EDITOR"];
  if (named || isDumb) return named || undefined;
  return findOnPath({ env }, "vi");
}

/**
 * Has a file edited in the terminal, and gives the exit code; undefined where a signal or the system ended it. The editor
 * may be a line with arguments, which `sh` takes apart, as git has it. It draws where our notes go, so that standard
 * output is left to the result.
 */
export async function runEditor(
  editor: string,
  path: string,
  { env, cwd }: { readonly env: Variables; readonly cwd: string },
): Promise<number | undefined> {
  const sh = (await findOnPath({ env }, "sh")) ?? "/bin/sh";
  // Ctrl-C is the editor's: the shell before it hears it too, and goes on.
  const child = startProgram(sh, ["-c", `trap : INT QUIT; ${editor} "$@"`, editor, path], {
    cwd,
    env: childEnvironment(env),
    stdio: ["inherit", 2, 2],
  });
  try {
    await once(child, "exit");
  } catch {
    return undefined;
  }
  return child.exitCode ?? undefined;
}
