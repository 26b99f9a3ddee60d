/** What a list that was cut by `--limit` says of itself; undefined when all is there. */
export function cutNote(shown: number, total: number): string | undefined {
  return total > shown ? `Showing ${shown} of ${total} (--limit 0 for all)` : undefined;
}
