import { createHash } from "node:crypto";

/**
 * Who wrote a unit file: we, and nobody has touched it since; we, and somebody has; somebody else.
 */
export type UnitAuthor = "we" | "edited" | "other";

const MARK = /^# Written by `bd server install-unit` \(checksum ([0-9a-f]{16})\)\.\n/;
const ADVICE = [
  "# Make your own changes with `systemctl --user edit`, which keeps them in a file beside this one: what was changed",
  "# in here is neither replaced nor removed.",
];

/** Puts our mark in the place of the comment at the top, which is written for those who install by hand. */
export function withMark(text: string): string {
  const rest = `${ADVICE.join("\n")}\n${text.replace(/^(?:#.*\n)*/, "")}`;
  return `# Written by \`bd server install-unit\` (checksum ${checksum(rest)}).\n${rest}`;
}

export function authorOf(text: string): UnitAuthor {
  const mark = MARK.exec(text);
  if (mark === null) return "other";
  return checksum(text.slice(mark[0].length)) === mark[1] ? "we" : "edited";
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
