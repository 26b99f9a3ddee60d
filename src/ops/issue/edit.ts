import * as z from "zod/mini";
import type { Issue } from "../../core/issue/issue.ts";
import { BdError, type CommandLine, command } from "../../errors.ts";
import { type Draft, makeDraft } from "../../host/draft.ts";
import { findEditor, runEditor } from "../../host/run-editor.ts";
import { labelledIssues } from "../../store/queries/issues.ts";
import type { MachineContext } from "../context.ts";
import { bare, loadNamed, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { notesOfParts } from "../named-issues/resolve-ids.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { labelledIssue } from "../wire/issue-schemas.ts";
import { updateIssues } from "./update.ts";
import { EDITED_TEXTS, type EditedText } from "./write/expected-texts.ts";

const EditInput = z.strictObject({ id: z.string(), field: z.enum(EDITED_TEXTS) });

export interface Edited {
  /** As it is now. */
  readonly issue: Issue;
  readonly field: EditedText;
  readonly changed: boolean;
}

/**
 * Has the person change one text of an issue in their editor. Throws BdError config NO_TERMINAL, NO_EDITOR; rejected
 * EDITOR_FAILED; conflict TEXT_CHANGED_SINCE; what `issue.update` throws. A changed text that could not be written stays in
 * its file, which the error names.
 */
export const editIssue = defineOperation({
  name: "issue.edit",
  access: "machine",
  input: EditInput,
  async run(context, { id: name, field }: z.infer<typeof EditInput>): Promise<Edited> {
    const { env } = context.machine;
    const lend = context.machine.terminalLender?.();
    if (lend === undefined) throw noTerminal(name, field);
    const editor = await findEditor(env);
    if (editor === undefined) throw noEditor(name, field);
    const hearing = { ...context, note: onceEach(context.note) };
    const issue = await readIssue(hearing, name);
    const before = issue[field] ?? "";
    const draft = makeDraft({ env }, `${field}.md`, before);
    return keepingChanges(draft, async () => {
      const exitCode = await lend(() => runEditor(editor, draft.path, { env, cwd: context.folder }));
      if (exitCode !== 0) throw editorFailed(editor, exitCode);
      const text = draft.changed();
      if (text === undefined) {
        await context.lastTouched.write(issue.id);
        return { issue, field, changed: false };
      }
      const update = { ids: [issue.id], [field]: text, expected: { [field]: before } };
      const { issues, failures } = await updateIssues.run(hearing, update);
      const [updated] = issues;
      if (updated === undefined) throw failures[0]?.error ?? new Error("an update of one issue gave none");
      return { issue: updated, field, changed: true };
    });
  },
  wire: { of: ({ issue }) => issue, schema: () => labelledIssue() },
});

async function readIssue(context: MachineContext, name: string): Promise<Issue> {
  const { items, failures, config, moved } = await context.read(async (reader) =>
    loadNamed(reader, [name], { load: (selection) => bare(labelledIssues(selection)), beside: NOTHING_BESIDE }),
  );
  const [item] = items;
  if (item === undefined) throw failures[0]?.error ?? new Error("a name stands for no issue, and for no failure");
  const { issue } = item.found;
  for (const note of notesOfParts(config, new Map([[name, issue.id]]))) context.note(note);
  await sayMoved(context, moved);
  return issue;
}

/** Whatever goes wrong, what somebody has written is not lost. */
async function keepingChanges<T>(draft: Draft, work: () => Promise<T>): Promise<T> {
  try {
    const done = await work();
    draft.remove();
    return done;
  } catch (error) {
    if (!isChanged(draft)) draft.remove();
    else if (error instanceof BdError) throw withDraft(error, draft.path);
    throw error;
  }
}

function isChanged(draft: Draft): boolean {
  try {
    return draft.changed() !== undefined;
  } catch {
    return true;
  }
}

function withDraft({ kind, code, message, hint, details, cause }: BdError, path: string): BdError {
  return new BdError(kind, code, `${message}; your text is in ${path}`, {
    hint,
    details: { ...details, file: path },
    cause,
  });
}

/** Two steps look at the same names, and say the same about them. */
function onceEach(note: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) note(line);
    said.add(line);
  };
}

/** How a text is given without an editor. */
function otherWay(name: string, field: EditedText): CommandLine {
  switch (field) {
    case "title":
      return command`bd update --title=TEXT ${name}`;
    case "description":
      return command`bd update --body-file=FILE ${name}`;
    case "design":
      return command`bd update --design-file=FILE ${name}`;
    case "acceptance_criteria":
      return command`bd update --acceptance=TEXT ${name}`;
    case "notes":
      return command`bd update --notes=TEXT ${name}`;
  }
}

function noTerminal(name: string, field: EditedText): BdError {
  const message = "an editor needs a terminal, and standard input or standard error is none";
  return new BdError("config", "NO_TERMINAL", message, { hint: otherWay(name, field) });
}

function noEditor(name: string, field: EditedText): BdError {
  const message =
    "no editor is known: neither VISUAL nor EDITOR names one, and there is no vi that this terminal can show";
  return new BdError("config", "NO_EDITOR", message, { hint: otherWay(name, field) });
}

function editorFailed(editor: string, exitCode: number | undefined): BdError {
  const how = exitCode === undefined ? "was killed" : `ended with exit code ${exitCode}`;
  return new BdError("rejected", "EDITOR_FAILED", `the editor "${editor}" ${how}; nothing was written`, {
    hint: command`bd edit --help`,
  });
}
