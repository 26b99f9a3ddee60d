/** Fields that follow from what else is said of a change, such as when it was made: alone they matter, beside others not. */
export const FOLLOWING_FIELDS: ReadonlySet<string> = new Set([
  "updated_at",
  "created_at",
  "created_by",
  "started_at",
  "closed_at",
  "closed_by_session",
]);
