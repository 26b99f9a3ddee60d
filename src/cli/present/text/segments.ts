import type { Format, Style } from "../../terminal.ts";
import { cutToWidth, displayWidth } from "./display-width.ts";

/** Text of one colour. */
export type Segment = readonly [text: string, format?: Format | undefined];

export function widthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, [text]) => sum + displayWidth(text), 0);
}

/** The segments, or as much of their beginning as fits, with `…` for the rest. */
export function cutSegments(segments: readonly Segment[], width: number): readonly Segment[] {
  const whole = segments.map(([text]) => text).join("");
  let rest = cutToWidth(whole, width);
  if (rest === whole) return segments;
  return segments.map(([text, format]): Segment => {
    const own = rest.slice(0, text.length);
    rest = rest.slice(text.length);
    return [own, format];
  });
}

export function styled(segments: readonly Segment[], style: Style): string {
  return segments.map(([text, format]) => (format === undefined || text === "" ? text : style(format, text))).join("");
}
