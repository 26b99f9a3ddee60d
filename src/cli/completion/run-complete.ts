import type { projectWords } from "../../ops/completion/words.ts";
import type { OutputOf } from "../../ops/operation.ts";
import type { Env } from "../env.ts";
import { globalFlags, globalOptions } from "../line/global-flags.ts";
import { scanFlags } from "../line/scan-flags.ts";
import { resultOf } from "../run-frames.ts";
import { type Candidate, candidateLines } from "./candidate.ts";
import { type Asked, askedAt } from "./complete-line.ts";

/** The one operation that no command runs. */
export const WORDS_OPERATION = "completion.words";

const MOST = 100;
/** Nobody waits longer for a Tab. */
const PATIENCE_MS = 2_000;

/**
 * Answers a shell: `bash|zsh|fish`, then the words behind `bd` up to the cursor. Only reads, and says nothing but words:
 * whatever goes wrong, the line stays as it is.
 */
export async function runComplete([shell, ...given]: readonly string[], env: Env): Promise<number> {
  const words = shell === "bash" ? joined(given) : given;
  try {
    const asked = await askedAt(words.length === 0 ? [""] : words, env.terminal);
    const candidates = [...asked.candidates, ...(await fromDatabase(asked, words, env).catch(() => []))];
    // Bash completes what stands behind the last sign that parts words for it.
    const before = shell === "bash" ? asked.before.replace(/^.*[=:]/s, "") : asked.before;
    const fitting = candidates.filter(({ word }) => word === "./" || word.startsWith(asked.typed));
    env.terminal.stdout.write(
      candidateLines(fitting.map(({ word, meaning }) => ({ word: word === "./" ? word : before + word, meaning }))),
    );
  } catch {
    // A shell would print it into the line that somebody types.
  }
  return 0;
}

/** Bash parts `--status=open` and `discovered-from:bd-a1` into three words, the first two where the third is still to come. */
function joined(words: readonly string[]): string[] {
  const whole: string[] = [];
  for (const [at, word] of words.entries()) {
    const continues = isParting(word, words[at - 1]) || isParting(words[at - 1], words[at - 2]);
    if (continues && whole.length > 0) whole.push(`${whole.pop() ?? ""}${word}`);
    else whole.push(word);
  }
  return whole;
}

function isParting(word: string | undefined, previous: string | undefined): boolean {
  return word === ":" || (word === "=" && previous?.startsWith("--") === true);
}

async function fromDatabase({ place, typed }: Asked, words: readonly string[], env: Env): Promise<Candidate[]> {
  if (place?.asks === undefined) return [];
  const isId = place.asks === "issues" || place.asks === "deleted";
  const asked = { prefix: isId ? typed : "", deleted: place.asks === "deleted" };
  const { issues, statuses, types, deleted } = await askDatabase(asked, words, env);
  switch (place.asks) {
    case "issues":
      return issues.map(({ id, title, status }) => ({
        word: id,
        meaning: status === "open" ? title : `${status}: ${title}`,
      }));
    case "deleted":
      return deleted.map((word) => ({ word, meaning: "deleted" }));
    case "statuses":
      return statuses.map((word) => ({ word, meaning: "" }));
    case "types":
      return types.map((word) => ({ word, meaning: "" }));
  }
}

async function askDatabase(
  asked: { readonly prefix: string; readonly deleted: boolean },
  words: readonly string[],
  env: Env,
): Promise<OutputOf<typeof projectWords>> {
  const flags = globalFlags(scanFlags(words.slice(0, -1), globalOptions()));
  const { openApp } = await import("../../app/app.ts");
  const app = env.app ?? openApp(env.machine, { idleSessions: 0 });
  const caller = {
    ...env.place,
    readonly: true,
    directory: flags.directory,
    database: flags.db,
    actor: flags.actor,
    session: undefined,
  };
  const signal = AbortSignal.any([env.signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const result = await resultOf(app.call(WORDS_OPERATION, { ...asked, limit: MOST }, { caller, signal }), SILENT);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the output of the operation that was called
    return result.output as OutputOf<typeof projectWords>;
  } finally {
    if (env.app === undefined) app.close();
  }
}

const SILENT = {
  event: () => Promise.resolve(),
  progress: { report: () => {}, clear: () => {} },
  note: () => {},
  detail: () => {},
  confirm: async () => undefined,
  sink: undefined,
};
