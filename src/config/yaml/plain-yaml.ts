/** A value and the line (from 1) it stands on. */
export interface YamlEntry {
  readonly value: string;
  readonly line: number;
}

const IGNORED = /^ *(?:#.*)?$/;
const PAIR =
  /^( *)([A-Za-z_][\w-]*(?:\.[\w-]+)*):(?: +(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9_/.+][\w/.+-]*(?::[\w/.+-]+)*(?: [\w/.+-]+(?::[\w/.+-]+)*)*)))? *(?: #.*)?$/;
const SPECIAL_WORD = /^(?:null|true|false|y|yes|n|no|on|off)$/i;

/**
 * Reads the part of YAML that nearly every settings file is content with: comments, and pairs of a name and a scalar on
 * one line, at most in sections one deep. `undefined` for everything else, right or wrong: the caller then takes the
 * whole YAML reader, which costs more than all other settings work of a command. What is read here means the same there
 * (a property test compares them).
 */
export function parsePlainYaml(text: string): ReadonlyMap<string, YamlEntry> | undefined {
  const entries = new Map<string, YamlEntry>();
  const seen = new Set<string>();
  let section = "";
  let sectionIndent = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (IGNORED.test(line)) continue;
    const pair = PAIR.exec(line);
    const name = pair?.[2];
    if (pair === null || name === undefined || SPECIAL_WORD.test(name)) return undefined;
    const indent = pair[1]?.length ?? 0;
    const value = scalarOf(pair);
    if (indent === 0) {
      section = value === undefined ? `${name}.` : "";
      sectionIndent = 0;
    } else {
      // A section's first line sets its indentation; anything deeper, or under a scalar, is not plain.
      if (sectionIndent === 0) sectionIndent = indent;
      if (section === "" || indent !== sectionIndent || value === undefined) return undefined;
    }
    const key = indent === 0 ? name : section + name;
    if (seen.has(key)) return undefined;
    seen.add(key);
    if (typeof value === "string") entries.set(key, { value, line: index + 1 });
  }
  return entries;
}

/** The text of a scalar, null where YAML means null, undefined where the line has no value. */
function scalarOf(pair: RegExpExecArray): string | null | undefined {
  const [, , , doubleQuoted, singleQuoted, plain] = pair;
  if (plain !== undefined) return /^null$/i.test(plain) ? null : plain;
  return doubleQuoted ?? singleQuoted;
}
