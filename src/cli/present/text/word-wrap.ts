import { beginningOf, displayWidth } from "./display-width.ts";

/** What its writer laid out: code, lists, quotes, tables, headings, whatever is indented. */
const LAID_OUT = /^(?:\s|[-*+>|#]|\d+[.)]\s)/;
const FENCE = /^\s*(?:```|~~~)/;

/** The lines of a text, broken between words where a terminal would break them within; what was laid out stays as it is. */
export function wrapped(text: string, width: number): string[] {
  let isCode = false;
  return text.split("\n").flatMap((line) => {
    const isFence = FENCE.test(line);
    if (isFence) isCode = !isCode;
    return isCode || isFence || LAID_OUT.test(line) ? [line] : wrappedLine(line, width);
  });
}

/** A line in pieces that fit, as far as its words do. */
export function wrappedLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (displayWidth(rest) > width) {
    const fitting = beginningOf(rest, width + 1);
    const end = fitting.lastIndexOf(" ");
    const next = end > 0 ? end : rest.indexOf(" ", fitting.length);
    if (next === -1) break;
    lines.push(rest.slice(0, next).trimEnd());
    rest = rest.slice(next).trimStart();
  }
  return [...lines, rest];
}
