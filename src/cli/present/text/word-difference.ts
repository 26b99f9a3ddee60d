import { diffWordsWithSpace } from "diff";
import type { Style } from "../../terminal.ts";

/** So many words of what stayed are shown around a change. */
const CONTEXT = 8;
/** Texts that have so much in common as two of different topics are shown one after the other. */
const MAX_EDITS = 1_000;

/** One text as another became: `[-gone-]`, `{+new+}`, and of what stayed only what is near. */
export function wordDifference(before: string, after: string, style: Style): string {
  const gone = (text: string) => style("red", `[-${text}-]`);
  const come = (text: string) => style("green", `{+${text}+}`);
  const parts = diffWordsWithSpace(before, after, { maxEditLength: MAX_EDITS });
  if (parts === undefined) return `${gone(before)}\n${come(after)}`;
  return parts
    .map(({ value, added, removed }, index) => {
      if (removed) return gone(value);
      if (added) return come(value);
      return shortened(value, { isFirst: index === 0, isLast: index === parts.length - 1 });
    })
    .join("");
}

function shortened(text: string, { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean }): string {
  const words = text.split(/(?<=\s)(?=\S)/);
  const start = isFirst ? [] : words.slice(0, CONTEXT);
  const end = isLast ? [] : words.slice(-CONTEXT);
  if (start.length + end.length >= words.length) return text;
  return `${start.join("")}…${end.join("")}`;
}
