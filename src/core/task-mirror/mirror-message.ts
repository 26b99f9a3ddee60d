/** The message of a commit that brought in what was changed in a task store: whoever mirrors has it from there. */
export function mirrorMessage(issues: number): string {
  return `bd: tracker ${issues} issue(s) from tasks`;
}

export function isMirrorMessage(message: string): boolean {
  return /^bd: tracker \d+ issue\(s\) from tasks$/.test(message);
}
