import { BdError } from "../../errors.ts";
import type { Invocation } from "../command.ts";
import { textOf, wordsOrStdin } from "./content-flags.ts";

/**
 * A text from words of the line, `--file` or `--stdin`; empty where none gives one.
 * Throws BdError usage CONTRADICTING_FLAGS where several do, and what reading throws.
 */
export async function givenText(invocation: Invocation, words: readonly string[]): Promise<string> {
  const { flags, readText, readStdin } = invocation;
  const file = textOf(flags, "file");
  const fromStdin = flags["stdin"] === true;
  if ([words.length > 0, file !== undefined, fromStdin].filter(Boolean).length > 1) {
    throw new BdError("usage", "CONTRADICTING_FLAGS", "the text is given in several ways; give one of them");
  }
  if (file !== undefined) return (await readText(file)).trimEnd();
  return fromStdin ? (await readStdin()).trimEnd() : wordsOrStdin(words, invocation);
}
