import type { Pair, ParsedNode } from "yaml";
import { BdError, command } from "../../errors.ts";
import { type EditRules, editTextFile } from "../../host/edit-text-file.ts";
import { readTextFile } from "../../host/read-file.ts";
import { parseYaml, parseYamlDocument } from "./yaml-settings.ts";

/**
 * Sets one key of a settings file, which is made when it is missing. Nothing else in the text changes: comments, order
 * and spacing are the owner's.
 *
 * @param value the new one, or what makes it of the present one
 * @throws BdError config/CONFIG_INVALID, config/CONFIG_NOT_EDITABLE, and as `editTextFile`
 */
export async function setYamlSetting(
  path: string,
  key: string,
  value: string | ((present: string | undefined) => string),
  rules: EditRules = {},
): Promise<void> {
  const change = async (text = ""): Promise<string> => {
    const wanted = typeof value === "string" ? value : value((await parseYaml(path, text)).get(key)?.value);
    const changed = await textWith(path, text, key, wanted);
    if (changed !== text) await verify({ path, before: text, after: changed, key, value: wanted });
    return changed;
  };
  await editTextFile(path, change, { ...rules, makeFolder: true });
}

/**
 * Takes one key out of a settings file. Returns false when it was not there.
 *
 * @throws BdError config/CONFIG_INVALID, config/CONFIG_NOT_EDITABLE, and as `editTextFile`
 */
export async function unsetYamlSetting(path: string, key: string, rules: EditRules = {}): Promise<boolean> {
  // Where there is no file, there may be no folder for a lock either.
  if (readTextFile(path) === undefined) return false;
  const change = async (text = ""): Promise<string | undefined> => {
    const place = await findPlace(path, text, key);
    if (place.pair === undefined) return undefined;
    // A section that loses its only pair goes with it: an empty one would read as a null.
    const outermost = place.parents.find((parent) => parent.onlyChild)?.pair ?? place.pair;
    const changed = withoutLines(text, rangeOf(outermost));
    await verify({ path, before: text, after: changed, key, value: undefined });
    return changed;
  };
  return editTextFile(path, change, rules);
}

type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Place {
  /** The pair of the key, when the file has it. */
  readonly pair: ParsedPair | undefined;
  /** The pairs among which it is, or belongs. */
  readonly siblings: readonly ParsedPair[];
  /** What is left of the key among them. */
  readonly name: string;
  /** The pairs around it, outermost first, and whether each holds nothing else. */
  readonly parents: readonly { readonly pair: ParsedPair; readonly onlyChild: boolean }[];
}

async function textWith(path: string, text: string, key: string, value: string): Promise<string> {
  const scalar = scalarText(value);
  const { pair, siblings, name, parents } = await findPlace(path, text, key);
  if (pair !== undefined) {
    if (pair.value === null) throw notEditable(path, key);
    return replaced(text, pair.key.range[1], pair.value.range, scalar);
  }
  const last = siblings.at(-1);
  if (parents.length > 0 && last !== undefined) {
    const firstKey = rangeOf(siblings[0] ?? last).start;
    const indent = text.slice(text.lastIndexOf("\n", firstKey - 1) + 1, firstKey);
    return insertLine(text, endOfLine(text, rangeOf(last).end), `${indent}${nested(name, scalar, indent)}`);
  }
  return insertLine(text, text.length, nested(name, scalar, ""));
}

async function findPlace(path: string, text: string, key: string): Promise<Place> {
  const { yaml, document } = await parseYamlDocument(path, text);
  const root = document.contents;
  let siblings: readonly ParsedPair[] = yaml.isMap(root) ? root.items : [];
  let name = key;
  let parents: Place["parents"] = [];
  for (;;) {
    const found = longestMatch(siblings, name);
    if (found === undefined || found.name === name) return { pair: found?.pair, siblings, name, parents };
    if (!yaml.isMap(found.pair.value)) throw notEditable(path, key);
    siblings = found.pair.value.items;
    name = name.slice(found.name.length + 1);
    const onlyChild = siblings.length === 1;
    parents = [
      ...parents.map((parent) => ({ pair: parent.pair, onlyChild: parent.onlyChild && onlyChild })),
      { pair: found.pair, onlyChild },
    ];
  }
}

/** Puts a scalar where a value stood; where that began on a line below its name, beside the name. */
function replaced(text: string, nameEnd: number, value: readonly [number, number, number], scalar: string): string {
  const gap = text.slice(nameEnd, value[0]);
  const start = /^:\s*\n\s*$/.test(gap) ? nameEnd + 1 : value[0];
  const end = value[0] + text.slice(value[0], value[1]).trimEnd().length;
  const space = text.charAt(start - 1) === ":" ? " " : "";
  return text.slice(0, start) + space + scalar + text.slice(end);
}

/** The pair whose key is `name`, or else the section that `name` begins with (`dolt` of `dolt.port`). */
function longestMatch(pairs: readonly ParsedPair[], name: string): { pair: ParsedPair; name: string } | undefined {
  let best: { pair: ParsedPair; name: string } | undefined;
  for (const pair of pairs) {
    const text = String(pair.key);
    const fits = name === text || name.startsWith(`${text}.`);
    if (fits && text.length > (best?.name.length ?? -1)) best = { pair, name: text };
  }
  return best;
}

/** Proves on the new text that the change, and nothing but the change, happened, before it reaches the disk. */
async function verify(edit: {
  path: string;
  before: string;
  after: string;
  key: string;
  value: string | undefined;
}): Promise<void> {
  const wanted = flat(await parseYaml(edit.path, edit.before));
  if (edit.value === undefined) wanted.delete(edit.key);
  else wanted.set(edit.key, edit.value);
  const got = await parseYaml(edit.path, edit.after).then(flat, () => undefined);
  const same =
    got !== undefined && got.size === wanted.size && [...wanted].every(([key, value]) => got.get(key) === value);
  if (!same) throw notEditable(edit.path, edit.key);
}

function flat(entries: ReadonlyMap<string, { readonly value: string }>): Map<string, string> {
  return new Map([...entries].map(([key, entry]) => [key, entry.value]));
}

function notEditable(path: string, key: string): BdError {
  const message = `${path} is written in a way that "${key}" can't be changed in without changing more than that`;
  return new BdError("config", "CONFIG_NOT_EDITABLE", message, {
    hint: command`bd config explain ${key}`,
    details: { path, key },
  });
}

function rangeOf(pair: ParsedPair): Range {
  return { start: pair.key.range[0], end: (pair.value ?? pair.key).range[1] };
}

function endOfLine(text: string, position: number): number {
  // A block's range may reach to the start of the next line; its last line is the one before.
  const inside = position > 0 && text.charAt(position - 1) === "\n" ? position - 1 : position;
  const end = text.indexOf("\n", inside);
  return end < 0 ? text.length : end + 1;
}

function withoutLines(text: string, range: Range): string {
  const start = text.lastIndexOf("\n", range.start - 1) + 1;
  return text.slice(0, start) + text.slice(endOfLine(text, range.end));
}

function insertLine(text: string, position: number, line: string): string {
  const before = text.slice(0, position);
  const separator = before === "" || before.endsWith("\n") ? "" : "\n";
  return `${before}${separator}${line}\n${text.slice(position)}`;
}

/** `dolt.port` as a section and a pair, indented by two more spaces per level. */
function nested(name: string, scalar: string, indent: string): string {
  const parts = name.split(".");
  return parts
    .map((part, level) => `${level === 0 ? "" : `\n${indent}${"  ".repeat(level)}`}${part}:`)
    .join("")
    .concat(` ${scalar}`);
}

/** A JSON string is YAML, too; what is no mistake without quotes goes without them. */
function scalarText(value: string): string {
  const plain = /^[A-Za-z0-9_/][\w/.+-]*(?: [\w/.+-]+)*$/.test(value);
  return plain && !/^(?:null|~)$/i.test(value) ? value : JSON.stringify(value);
}
