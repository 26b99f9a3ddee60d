import type { Command } from "commander";
import { BdError } from "../../errors.ts";
import type { Flags, Invocation } from "../command.ts";

/** The texts of an issue, as `create` and `update` take them; what no flag names is absent. */
export interface Content {
  description?: string;
  design?: string;
  acceptance_criteria?: string;
  notes?: string;
  append_notes?: string;
  assignee?: string;
  external_ref?: string;
}

/** Declares the flags that `contentFromFlags` reads. */
export function addContentFlags(command: Command): void {
  command
    .optionsGroup("Content:")
    .option("-d, --description <text>", "description, - for standard input")
    .option("--body-file <file>", "description from a file, - for standard input")
    .option("--stdin", "description from standard input")
    .option("--design <text>", "design, - for standard input")
    .option("--design-file <file>", "design from a file, - for standard input")
    .option("--acceptance <text>", "acceptance criteria, - for standard input")
    .option("--notes <text>", "notes, - for standard input")
    .option("--append-notes <text>", "a line to add to the notes, - for standard input")
    .option("-a, --assignee <name>", "who works on it")
    .option("--external-ref <ref>", "the same thing elsewhere, as in gh-9");
  for (const alias of ["--body <text>", "-m, --message <text>", "--description-file <file>"]) {
    command.addOption(command.createOption(alias).hideHelp());
  }
}

/** How a text was given: as it stands, or by the file that holds it. */
interface Source {
  readonly flag: string;
  readonly text?: string | undefined;
  readonly file?: string | undefined;
}

/**
 * Reads the content flags, and the files and standard input that they name.
 * Throws BdError usage CONTRADICTING_FLAGS, STDIN_TWICE, INPUT_UNREADABLE, and EMPTY_DESCRIPTION where a file or
 * standard input gives no description and `allowEmpty` is not set.
 */
export async function contentFromFlags(
  invocation: Invocation,
  options: { readonly allowEmpty: boolean },
): Promise<Content> {
  const { flags } = invocation;
  if (typeof flags["notes"] === "string" && typeof flags["appendNotes"] === "string") {
    throw contradiction("--notes", "--append-notes");
  }
  const description = await readOne(descriptionSources(flags), invocation);
  if (description?.text.trim() === "" && description.isFile && !options.allowEmpty) {
    throw new BdError("usage", "EMPTY_DESCRIPTION", `${description.flag} gives an empty description`);
  }
  const design = await readOne(designSources(flags), invocation);
  return present({
    description: description?.text,
    design: design?.text,
    acceptance_criteria: await invocation.text("acceptance"),
    notes: await invocation.text("notes"),
    append_notes: await invocation.text("appendNotes"),
    assignee: textOf(flags, "assignee"),
    external_ref: textOf(flags, "externalRef"),
  });
}

/** The JSON text of a flag like `--metadata`: `@file` stands for the content of that file, `-` for standard input. */
export async function jsonFlag(invocation: Invocation, name: string): Promise<string | undefined> {
  const value = await invocation.text(name);
  return value?.startsWith("@") ? invocation.readText(value.slice(1)) : value;
}

/** Words of the line as one text; a lone `-` stands for standard input. */
export async function wordsOrStdin(words: readonly string[], { readStdin }: Invocation): Promise<string> {
  return words.length === 1 && words[0] === "-" ? (await readStdin()).trimEnd() : words.join(" ");
}

export function textOf(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

function descriptionSources(flags: Flags): Source[] {
  return given([
    textSource("-d", textOf(flags, "description")),
    textSource("--body", textOf(flags, "body")),
    textSource("-m", textOf(flags, "message")),
    { flag: "--body-file", file: textOf(flags, "bodyFile") },
    { flag: "--description-file", file: textOf(flags, "descriptionFile") },
    { flag: "--stdin", file: flags["stdin"] === true ? "-" : undefined },
  ]);
}

function designSources(flags: Flags): Source[] {
  return given([
    textSource("--design", textOf(flags, "design")),
    { flag: "--design-file", file: textOf(flags, "designFile") },
  ]);
}

function textSource(flag: string, text: string | undefined): Source {
  return text === "-" ? { flag, file: "-" } : { flag, text };
}

function given(sources: readonly Source[]): Source[] {
  return sources.filter(({ text, file }) => text !== undefined || file !== undefined);
}

/** Several ways to give one text are fine as long as they say the same. */
async function readOne(
  sources: readonly Source[],
  invocation: Invocation,
): Promise<{ readonly text: string; readonly flag: string; readonly isFile: boolean } | undefined> {
  const [first, ...others] = sources;
  if (first === undefined) return undefined;
  const other = others.find(({ text, file }) => text !== first.text || file !== first.file);
  if (other !== undefined) throw contradiction(first.flag, other.flag);
  const { text, file, flag } = first;
  return {
    text: file === undefined ? (text ?? "") : await invocation.readText(file),
    flag,
    isFile: file !== undefined,
  };
}

function contradiction(one: string, other: string): BdError {
  return new BdError("usage", "CONTRADICTING_FLAGS", `${one} and ${other} contradict each other; give one of them`);
}

/** Without what is undefined. */
function present(content: { readonly [Name in keyof Content]: Content[Name] | undefined }): Content {
  return Object.fromEntries(Object.entries(content).filter(([, text]) => text !== undefined));
}
