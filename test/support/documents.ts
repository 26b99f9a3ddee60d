import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface Document {
  /** From the root of the project: `docs/architecture.md`. */
  readonly path: string;
  readonly text: string;
}

/** The Markdown files that the project hands to people. */
export function readDocuments(): Document[] {
  const folders = ["", "docs", "docs/adr", "migrations"];
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => (folder === "" ? name : `${folder}/${name}`)),
  );
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** The lines of each fenced block in a language. */
export function fencedBlocks({ text }: Document, language: string): string[][] {
  const blocks = text.matchAll(/^```(\S*)\n(.*?)^```$/gms);
  return [...blocks]
    .filter(([, found]) => found === language)
    .map(([, , body = ""]) => body.replace(/\n$/, "").split("\n"));
}

/** What is typed and what it prints, in the `console` blocks of a document: `$ bd …` and the lines below it. */
export function transcripts(document: Document): { readonly line: string; readonly output: string }[] {
  const steps: { line: string; output: string[] }[] = [];
  for (const text of fencedBlocks(document, "console").flat()) {
    if (text.startsWith("$ ")) steps.push({ line: text.slice(2), output: [] });
    else steps.at(-1)?.output.push(text);
  }
  return steps.map(({ line, output }) => ({ line, output: output.join("\n") }));
}

/** A line of a document that several people follow together, each on a machine of their own. */
export interface PersonStep {
  /** Whose machine: the prompt is `ann$` or `bob$`. */
  readonly person: string;
  readonly line: string;
  readonly output: string;
}

/** As `transcripts`, with the name of whoever types before each `$`. */
export function personTranscripts(document: Document): PersonStep[] {
  const steps: { person: string; line: string; output: string[] }[] = [];
  for (const text of fencedBlocks(document, "console").flat()) {
    const typed = /^(\w+)\$ (.*)$/.exec(text);
    if (typed === null) steps.at(-1)?.output.push(text);
    else steps.push({ person: typed[1] ?? "", line: typed[2] ?? "", output: [] });
  }
  return steps.map(({ output, ...step }) => ({ ...step, output: output.join("\n") }));
}
