/** The message of a commit that took in a file of issues: what it changed was changed before, elsewhere. */
export function syncMessage(issues: number): string {
  return `bd: sync ${issues} issue(s) from git`;
}

export function isSyncMessage(message: string): boolean {
  return /^bd: sync \d+ issue\(s\) from git$/m.test(message);
}
