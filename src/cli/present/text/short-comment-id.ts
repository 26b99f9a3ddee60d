const SHOWN = 8;

/** The end of a comment's id, which `comment edit` and `delete` take: its beginning is the time, alike for all of a day. */
export function shortCommentId(id: string): string {
  return id.slice(-SHOWN);
}
