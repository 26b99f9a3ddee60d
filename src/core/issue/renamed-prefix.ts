/** All ids that begin in one way begin in another from now on. */
export interface PrefixChange {
  readonly from: string;
  readonly to: string;
  /** `-`: a prefix, of which many issues are. `.`: an issue, and its numbered children along with it. */
  readonly joint: "-" | ".";
  /** Prefixes of others that begin with `from-`: their ids stay. */
  readonly others: readonly string[];
}

/** The new id; undefined for ids that stay. */
export function renamedId(id: string, { from, to, joint, others }: PrefixChange): string | undefined {
  const isMeant = id.startsWith(`${from}${joint}`) || (joint === "." && id === from);
  if (!isMeant || others.some((other) => id.startsWith(`${other}-`))) return undefined;
  return `${to}${id.slice(from.length)}`;
}

/**
 * A text in which ids of issues stand under the new prefix. Only ids that there are count: a word that merely looks like one
 * is somebody's word.
 */
export function renamedMentions(
  text: string,
  { from, joint }: Pick<PrefixChange, "from" | "joint">,
  ids: ReadonlyMap<string, string>,
): string {
  const prefix = from.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const rest = joint === "-" ? String.raw`-[\p{L}\p{N}_.-]+` : String.raw`[\p{L}\p{N}_.-]*`;
  const mention = new RegExp(String.raw`(?<![\p{L}\p{N}_.-])${prefix}${rest}`, "gu");
  // Behind a whole id a hyphen or `_` begins another one.
  const shorter = joint === "-" ? /[._-]+[^._-]*$/ : /(?:[._-]+|\.\d+)$/;
  return text.replace(mention, (word) => {
    // What ends a sentence may stand behind an id, and the number of a child that is gone.
    for (let id = word, longer = ""; id !== longer; longer = id, id = id.replace(shorter, "")) {
      const renamed = ids.get(id);
      if (renamed !== undefined) return `${renamed}${word.slice(id.length)}`;
    }
    return word;
  });
}
