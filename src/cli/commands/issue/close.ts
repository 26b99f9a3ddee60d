import type { Command } from "commander";
import { BdError } from "../../../errors.ts";
import type { CloseResult, closeIssues } from "../../../ops/issue/close.ts";
import { type CommandDefinition, type Handler, handler, type Invocation, type View } from "../../command.ts";
import { textOf, wordsOrStdin } from "../../input/content-flags.ts";
import { listLines } from "../../present/issue-list.ts";
import { issueName } from "../../present/issue-name.ts";

/** The peer moves molecules along with these. */
const IGNORED = [
  ["--continue", "there are no molecules here; --claim-next goes on with what is ready"],
  ["--no-auto", "nothing is closed by itself here"],
] as const;

export const closeCommand: CommandDefinition = {
  configure(command) {
    command.argument("[ids...]", "issues, or parts of their ids; the one touched last when none is given");
    addCloseFlags(command);
  },
  examples: [
    ["bd close bd-a1b2", "done"],
    ["bd close bd-a1b2 bd-c3d4 -r 'not needed any more'", "several, with the reason"],
    ["bd close bd-a1b2 --suggest-next", "what can be worked on now?"],
    ["bd close bd-a1b2 --claim-next", "finish one, start the next"],
  ],
  ignored: IGNORED,
  handlers: [closeHandler(async (invocation) => ({ ids: invocation.args, reason: await reasonOf(invocation) }))],
};

export const doneCommand: CommandDefinition = {
  configure(command) {
    command.argument("[ids...]", "issues, then the reason");
    addCloseFlags(command);
  },
  examples: [
    ["bd done bd-a1b2", "the same as bd close"],
    ["bd done bd-a1b2 fixed in the last release", "words that are no ids are the reason"],
  ],
  ignored: IGNORED,
  handlers: [
    closeHandler(async (invocation) => {
      const { ids, words } = idsAndWords(invocation.args);
      const reason = await reasonOf(invocation);
      if (reason !== undefined) return { ids: invocation.args, reason };
      return { ids, reason: words.length === 0 ? undefined : await wordsOrStdin(words, invocation) };
    }),
  ],
};

function addCloseFlags(command: Command): void {
  command
    .option("-r, --reason <text>", "why it is closed, - for standard input")
    .option("--reason-file <file>", "the reason from a file, - for standard input")
    .option("-f, --force", "although it is pinned, blocked or has open children")
    .option("--suggest-next", "tell what became unblocked")
    .option("--claim-next", "claim the first issue that is ready then")
    .option("--session <name>", "the session that closes it");
  for (const alias of ["--resolution <text>", "-m, --message <text>", "--comment <text>"]) {
    command.addOption(command.createOption(alias).hideHelp());
  }
}

function closeHandler(
  named: (invocation: Invocation) => Promise<{ ids: readonly string[]; reason: string | undefined }>,
): Handler {
  return handler<typeof closeIssues>({
    operation: "issue.close",
    input: async (invocation) => ({
      ...(await named(invocation)),
      force: invocation.flags["force"] === true,
      suggest_next: invocation.flags["suggestNext"] === true,
      claim_next: invocation.flags["claimNext"] === true,
    }),
    present: presentClose,
  });
}

async function reasonOf(invocation: Invocation): Promise<string | undefined> {
  const { flags, readText } = invocation;
  const given = await reasonsIn(invocation);
  const file = textOf(flags, "reasonFile");
  const [first, ...others] = given;
  if (others.some((reason) => reason !== first) || (file !== undefined && first !== undefined)) {
    throw new BdError("usage", "CONTRADICTING_FLAGS", "the reason is given in several ways; give one of them");
  }
  return file === undefined ? first : (await readText(file)).trim();
}

async function reasonsIn({ text }: Invocation): Promise<string[]> {
  const reasons: string[] = [];
  for (const name of ["reason", "resolution", "message", "comment"]) {
    const reason = await text(name);
    if (reason !== undefined) reasons.push(reason);
  }
  return reasons;
}

/** The first word is an id; more ids carry the same prefix; from the first other word on it is the reason. */
function idsAndWords(args: readonly string[]): { ids: readonly string[]; words: readonly string[] } {
  const [first = ""] = args;
  const prefix = /^(.+)-[^-]+$/.exec(first)?.[1];
  const isId = (word: string) => prefix !== undefined && word.startsWith(`${prefix}-`) && /^[\w.-]+$/.test(word);
  const end = args.findIndex((word, index) => index > 0 && !isId(word));
  return end === -1 ? { ids: args, words: [] } : { ids: args.slice(0, end), words: args.slice(end) };
}

function presentClose({ issues, already, unblocked = [], claimed, held }: CloseResult, view: View): void {
  const { style } = view;
  for (const issue of issues) {
    if (already.includes(issue.id)) view.line(`${issueName(issue)} is already closed`);
    else view.line(`${style("green", "✓")} Closed ${issueName(issue)}: ${issue.close_reason ?? ""}`);
  }
  if (unblocked.length > 0) {
    view.line();
    view.line("Newly unblocked:");
    const lines = unblocked.map((issue) => ({ branch: "  ", issue }));
    for (const line of listLines(lines, view)) view.line(line);
  }
  const [next] = claimed ?? [];
  if (next !== undefined) {
    view.line(`${style("green", "✓")} ${held === true ? "You hold already:" : "Claimed"} ${issueName(next)}`);
  }
  if (next === undefined && claimed !== undefined) view.line("No ready work to claim");
}
