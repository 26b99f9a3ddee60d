import type { Document, Node, Pair, Scalar } from "yaml";
import { BdError, command } from "../errors.ts";
import { parsePlainYaml, type YamlEntry } from "./plain-yaml.ts";
import { readTextFile } from "./text-file.ts";

/** One settings file, flattened: `dolt: { port: 3307 }` is the entry `dolt.port`. */
export interface YamlSettings {
  readonly path: string;
  /** Values as they are written in the file (`1.10` stays `1.10`); lists are joined by commas. Nulls are left out. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** Deeper than any settings file; ends aliases that point to what they stand in. */
const DEEPEST = 16;

/**
 * Reads a settings file; `undefined` when there is none.
 *
 * @throws BdError config/CONFIG_INVALID with file and line, config/FILE_UNREADABLE
 */
export async function readYamlSettings(path: string): Promise<YamlSettings | undefined> {
  const text = readTextFile(path);
  if (text === undefined) return undefined;
  return { path, entries: parsePlainYaml(text) ?? (await parseYaml(path, text)) };
}

/** Reads a settings text with the whole YAML reader. `path` is for messages. */
export async function parseYaml(path: string, text: string): Promise<ReadonlyMap<string, YamlEntry>> {
  const { yaml, document, lineAt } = await parseYamlDocument(path, text);
  const entries = new Map<string, YamlEntry>();
  const root = document.contents;
  if (root === null || (yaml.isScalar(root) && root.value === null)) return entries;
  if (!yaml.isMap(root)) throw invalidYaml(path, lineAt(root), "it must hold pairs of a name and a value");

  const flatten = (pair: Pair, parent: string, depth: number): void => {
    const keyNode = yaml.isNode(pair.key) ? pair.key : undefined;
    if (depth > DEEPEST) throw invalidYaml(path, lineAt(keyNode), "it is nested too deeply");
    const key = parent + keyText(keyNode);
    const node = yaml.isAlias(pair.value) ? pair.value.resolve(document) : pair.value;
    if (yaml.isMap(node)) {
      for (const item of node.items) flatten(item, `${key}.`, depth + 1);
      return;
    }
    const value = valueText(node);
    if (value !== undefined) entries.set(key, { value, line: lineAt(keyNode) });
  };
  const keyText = (key: Node | undefined): string => (yaml.isScalar(key) ? scalarText(key) : JSON.stringify(key));
  const valueText = (node: unknown): string | undefined => {
    if (yaml.isScalar(node)) return node.value === null ? undefined : scalarText(node);
    if (!yaml.isSeq(node)) return undefined;
    const scalars = node.items.map((item) => (yaml.isScalar(item) ? scalarText(item) : undefined));
    return scalars.includes(undefined) ? JSON.stringify(node.toJS(document)) : scalars.join(",");
  };
  for (const pair of root.items) flatten(pair, "", 0);
  return entries;
}

/** As written: `1.10` is no number to us. */
function scalarText(scalar: Scalar): string {
  return scalar.source ?? (typeof scalar.value === "string" ? scalar.value : JSON.stringify(scalar.value));
}

/** The document of a settings text, with its comments and positions, and the library that made it. */
export async function parseYamlDocument(
  path: string,
  text: string,
): Promise<{
  yaml: typeof import("yaml");
  document: Document.Parsed;
  lineAt: (node: Node | null | undefined) => number;
}> {
  const yaml = await import("yaml");
  const lineCounter = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter, prettyErrors: false });
  const error = document.errors[0];
  if (error !== undefined) {
    // A text that ends too early fails in its last line that holds anything.
    const line = Math.min(lineCounter.linePos(error.pos[0]).line, text.trimEnd().split("\n").length);
    throw invalidYaml(path, line, error.message, error);
  }
  return {
    yaml,
    document,
    lineAt: (node) => (node?.range == null ? 1 : lineCounter.linePos(node.range[0]).line),
  };
}

export function invalidYaml(path: string, line: number, problem: string, cause?: unknown): BdError {
  return new BdError("config", "CONFIG_INVALID", `${path}, line ${line}: ${problem}`, {
    hint: command`bd where`,
    details: { path, line },
    cause,
  });
}
