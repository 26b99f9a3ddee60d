/** All ids of one prefix get another. */
export interface PrefixChange {
  readonly from: string;
  readonly to: string;
  /** Prefixes of others that begin with `from-`: their ids stay. */
  readonly others: readonly string[];
}

/** The id under the new prefix; undefined for ids of another one. */
export function renamedId(id: string, { from, to, others }: PrefixChange): string | undefined {
  if (!id.startsWith(`${from}-`) || others.some((other) => id.startsWith(`${other}-`))) return undefined;
  return `${to}${id.slice(from.length)}`;
}

/**
 * A text in which ids of issues stand under the new prefix. Only ids that there are count: a word that merely looks like one
 * is somebody's word.
 */
export function renamedMentions(text: string, from: string, ids: ReadonlyMap<string, string>): string {
  const prefix = from.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const mention = new RegExp(String.raw`(?<![\p{L}\p{N}_.-])${prefix}-[\p{L}\p{N}_.-]+`, "gu");
  return text.replace(mention, (word) => {
    // What ends a sentence may stand behind an id.
    for (let id = word; id !== ""; id = id.replace(/[._-]+[^._-]*$/, "")) {
      const renamed = ids.get(id);
      if (renamed !== undefined) return `${renamed}${word.slice(id.length)}`;
      if (!/[._-]/.test(id)) break;
    }
    return word;
  });
}
