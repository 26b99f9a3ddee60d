import { safeMessage } from "../present/text/safe-text.ts";
import type { Terminal } from "../terminal.ts";

/** Asks on stderr and reads one line; anything but a yes is a no. Undefined where nobody sits at a terminal. */
export async function confirm(question: string, terminal: Terminal): Promise<boolean | undefined> {
  if (!terminal.stdinIsTerminal || !terminal.stderr.isTerminal) return undefined;
  terminal.stderr.write(`${safeMessage(question)} [y/N] `);
  const decoder = new TextDecoder();
  let answer = "";
  for await (const chunk of terminal.stdinStream()) {
    answer += decoder.decode(chunk, { stream: true });
    if (answer.includes("\n")) break;
  }
  return /^\s*y(?:es)?\s*$/i.test(answer.split("\n")[0] ?? "");
}
