import type { Document, Node, Scalar, YAMLMap } from "yaml";
import { BdError, command } from "../../errors.ts";
import { type ReadRules, readTextFile } from "../../host/read-file.ts";
import { parsePlainYaml, type YamlEntry } from "./plain-yaml.ts";

/** One settings file, flattened: `dolt: { port: 3307 }` is the entry `dolt.port`. */
export interface YamlSettings {
  readonly path: string;
  /** Values as they are written in the file (`1.10` stays `1.10`); lists are joined by commas. Nulls are left out. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** Deeper than any settings file; ends aliases that point to what they stand in. */
const DEEPEST = 16;
/** More than any settings file says, with what its aliases repeat. */
const MOST_NODES = 10_000;
const TOO_DEEP = "it is nested too deeply";

/**
 * Reads a settings file; `undefined` when there is none.
 *
 * @throws BdError config/CONFIG_INVALID with file and line, and as `readTextFile`
 */
export async function readYamlSettings(path: string, rules: ReadRules = {}): Promise<YamlSettings | undefined> {
  const text = readTextFile(path, rules);
  if (text === undefined) return undefined;
  return { path, entries: parsePlainYaml(text) ?? (await parseYaml(path, text)) };
}

/** Reads a settings text with the whole YAML reader. `path` is for messages. */
export async function parseYaml(path: string, text: string): Promise<ReadonlyMap<string, YamlEntry>> {
  const parsed = await parseYamlDocument(path, text);
  const root = parsed.document.contents;
  if (root === null || (parsed.yaml.isScalar(root) && root.value === null)) return new Map();
  if (!parsed.yaml.isMap(root)) {
    throw invalidYaml(path, parsed.lineAt(root), "it must hold pairs of a name and a value");
  }
  const reader = new SettingsReader(path, parsed);
  reader.readMap(root, "", { depth: 0, line: 1 });
  return reader.entries;
}

/** Where the reader is: how deep, and at which line of the file. */
interface Place {
  readonly depth: number;
  readonly line: number;
}

/** Flattens a document, with an end to what its aliases may say: a few lines could else say more than a machine holds. */
class SettingsReader {
  readonly entries = new Map<string, YamlEntry>();
  readonly #path: string;
  readonly #parsed: ParsedYaml;
  #nodes = 0;

  constructor(path: string, parsed: ParsedYaml) {
    this.#path = path;
    this.#parsed = parsed;
  }

  readMap(map: YAMLMap, parent: string, { depth }: Place): void {
    const { yaml, lineAt } = this.#parsed;
    const seen = new Set<string>();
    for (const { key, value } of map.items) {
      const keyNode = yaml.isNode(key) ? key : undefined;
      const place = { depth, line: lineAt(keyNode) };
      const name = yaml.isScalar(keyNode) ? scalarText(keyNode) : JSON.stringify(this.#plain(keyNode, place));
      if (seen.has(name)) throw invalidYaml(this.#path, place.line, "Map keys must be unique");
      seen.add(name);
      this.#readValue(value, parent + name, place);
    }
  }

  #readValue(given: unknown, key: string, place: Place): void {
    const { yaml } = this.#parsed;
    const node = this.#look(given, place);
    const below = { ...place, depth: place.depth + 1 };
    if (yaml.isMap(node)) this.readMap(node, `${key}.`, below);
    else if (yaml.isSeq(node)) this.entries.set(key, { value: this.#listText(node.items, below), line: place.line });
    else if (yaml.isScalar(node) && node.value !== null) {
      this.entries.set(key, { value: scalarText(node), line: place.line });
    }
  }

  #listText(items: readonly unknown[], place: Place): string {
    const { yaml } = this.#parsed;
    const nodes = items.map((item) => this.#look(item, place));
    if (nodes.every((node) => yaml.isScalar(node))) return nodes.map(scalarText).join(",");
    return JSON.stringify(nodes.map((node) => this.#plain(node, place)));
  }

  /** The node as JSON has it. */
  #plain(given: unknown, place: Place): unknown {
    const { yaml } = this.#parsed;
    const node = this.#look(given, place);
    const below = { ...place, depth: place.depth + 1 };
    if (yaml.isScalar(node)) return node.value;
    if (yaml.isSeq(node)) return node.items.map((item) => this.#plain(item, below));
    if (!yaml.isMap(node)) return null;
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String(this.#plain(key, below)), this.#plain(value, below)]),
    );
  }

  /** What an alias stands for counts as often as it is named. */
  #look(node: unknown, { depth, line }: Place): unknown {
    const { yaml, document } = this.#parsed;
    this.#nodes += 1;
    if (depth > DEEPEST) throw invalidYaml(this.#path, line, TOO_DEEP);
    if (this.#nodes > MOST_NODES)
      throw invalidYaml(this.#path, line, "it holds too much, or its aliases repeat too much");
    return yaml.isAlias(node) ? node.resolve(document) : node;
  }
}

/** As written: `1.10` is no number to us. */
function scalarText(scalar: Scalar): string {
  return scalar.source ?? (typeof scalar.value === "string" ? scalar.value : JSON.stringify(scalar.value));
}

interface ParsedYaml {
  readonly yaml: typeof import("yaml");
  readonly document: Document.Parsed;
  readonly lineAt: (node: Node | null | undefined) => number;
}

/** The document of a settings text, with its comments and positions, and the library that made it. */
export async function parseYamlDocument(path: string, text: string): Promise<ParsedYaml> {
  const yaml = await import("yaml");
  const lineCounter = new yaml.LineCounter();
  // To look for doubled names it compares each with each, for hours where there are many.
  const document = orTooDeep(path, () =>
    yaml.parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false }),
  );
  const error = document.errors[0];
  if (error !== undefined) {
    // A text that ends too early fails in its last line that holds anything.
    const line = Math.min(lineCounter.linePos(error.pos[0]).line, text.trimEnd().split("\n").length);
    throw invalidYaml(path, line, error.code === "RESOURCE_EXHAUSTION" ? TOO_DEEP : error.message, error);
  }
  return {
    yaml,
    document,
    lineAt: (node) => (node?.range == null ? 1 : lineCounter.linePos(node.range[0]).line),
  };
}

/** The library walks down into a text by calling itself. Mostly it says so itself when it could not go on. */
function orTooDeep<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof RangeError) throw invalidYaml(path, 1, TOO_DEEP, cause);
    throw cause;
  }
}

export function invalidYaml(path: string, line: number, problem: string, cause?: unknown): BdError {
  return new BdError("config", "CONFIG_INVALID", `${path}, line ${line}: ${problem}`, {
    hint: command`bd where`,
    details: { path, line },
    cause,
  });
}
