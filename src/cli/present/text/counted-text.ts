/** The first digits of a commit's hash, enough to name it. */
export function shortHash(hash: string | undefined): string {
  return hash === undefined ? "(empty)" : hash.slice(0, 8);
}

export function commitsText(count: number): string {
  return counted(count, "commit");
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
