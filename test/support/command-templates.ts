import { join } from "node:path";
import { readSources } from "../../scripts/house-rules.ts";

/** A use of the template tag `command` in src/. */
export interface CommandTemplate {
  /** `src/core/claim/claim.ts:101` */
  readonly at: string;
  /** Its source. */
  readonly text: string;
  /** The fixed texts, one more than there are expressions. */
  readonly fixed: readonly string[];
  /** What is put in, as source text. */
  readonly expressions: readonly string[];
}

const HOME = "src/errors.ts";

/** All uses of the tag, under whatever name it is imported; its home only speaks of it. */
export async function commandTemplates(): Promise<CommandTemplate[]> {
  const sources = await readSources(join(import.meta.dirname, "../.."));
  return [...sources]
    .filter(([path]) => path !== HOME)
    .flatMap(([path, source]) =>
      [...source.matchAll(/\b(?:command|commandLine)`/g)].map(({ index, 0: tag }) => {
        const at = `${path}:${source.slice(0, index).split("\n").length}`;
        return { at, ...readTemplate(source, index + tag.length) };
      }),
    );
}

/** What stands in texts that the tag did not make: `bd`, words and options, and an expression right behind them. */
export async function untaggedCommands(): Promise<string[]> {
  const sources = await readSources(join(import.meta.dirname, "../.."));
  return [...sources.values()]
    .flatMap((source) => [
      ...source.replaceAll(/\b(?:command|commandLine)`[^`]*`/g, "").matchAll(/\bbd(?: [\w.=-]+)+[ =]["']?\$\{[^}]*\}/g),
    ])
    .map(([found]) => found);
}

/** The template literal whose text begins at `start`. Expressions in it hold no templates of their own. */
function readTemplate(source: string, start: number): Omit<CommandTemplate, "at"> {
  const text = source.slice(start, source.indexOf("`", start));
  const parts = text.split(/\$\{((?:[^{}]|\{[^{}]*\})*)\}/);
  return {
    text,
    fixed: parts.filter((_part, index) => index % 2 === 0),
    expressions: parts.filter((_part, index) => index % 2 === 1),
  };
}
