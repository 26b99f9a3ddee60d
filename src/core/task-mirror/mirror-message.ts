/**
 * The message of a commit that brought in what was changed in a task store: whoever mirrors that very store has it from there.
 * `mark` tells the stores apart that one tracker may be mirrored in, by several machines.
 */
export function mirrorMessage(issues: number, mark: string): string {
  return `bd: tracker ${issues} issue(s) from tasks of ${mark}`;
}

export function isMirrorMessage(message: string, mark: string): boolean {
  const [, own] = /^bd: tracker \d+ issue\(s\) from tasks of (\S+)$/.exec(message) ?? [];
  return own === mark;
}
