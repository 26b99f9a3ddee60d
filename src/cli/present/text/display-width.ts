import { eastAsianWidth } from "get-east-asian-width";

/** Letters of Europe, punctuation, arrows, lines and our own marks: one column each. Nearly every text is of these alone. */
const NARROW =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u2713\u2744]*$/;

/** Flags, keys, and pictures with their variations. Not `\p{RGI_Emoji}`, which takes 40 ms to compile. */
const EMOJI = String.raw`\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|PICTURE(?:\u200dPICTURE)*`.replaceAll(
  "PICTURE",
  String.raw`\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*`,
);
/** What a terminal shows in one place: an emoji, or a sign with the marks that stand on it. */
const CLUSTER = new RegExp(String.raw`${EMOJI}|[\s\S][\p{M}\p{Cf}]*`, "gu");
const SEVERAL_SIGNS = new RegExp(`^(?:${EMOJI})$`, "u");
const WITHOUT_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

/** How many columns of a terminal a text of one line takes. Where terminals differ, the larger number. */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  return clustersOf(text).reduce((sum, cluster) => sum + clusterWidth(cluster), 0);
}

/** The text, or as much of its beginning as fits, with `…` for the rest. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return "";
  return `${beginningOf(text, width - 1).trimEnd()}…`;
}

/** As much of the beginning of a text as fits. */
export function beginningOf(text: string, width: number): string {
  if (NARROW.test(text)) return text.slice(0, Math.max(0, width));
  let left = width;
  const clusters = clustersOf(text);
  const end = clusters.findIndex((cluster) => {
    left -= clusterWidth(cluster);
    return left < 0;
  });
  return clusters.slice(0, end === -1 ? undefined : end).join("");
}

function clustersOf(text: string): string[] {
  return text.match(CLUSTER) ?? [];
}

function clusterWidth(cluster: string): number {
  const signs = Array.from(cluster);
  if (signs.length > 1 && SEVERAL_SIGNS.test(cluster)) return 2;
  return signs.reduce((sum, sign) => sum + signWidth(sign), 0);
}

function signWidth(sign: string): number {
  return WITHOUT_WIDTH.test(sign) ? 0 : eastAsianWidth(sign.codePointAt(0) ?? 0);
}
