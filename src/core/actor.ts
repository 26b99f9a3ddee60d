/** Who does something: the name in events and commits, and the mail address in Dolt commits. */
export interface Actor {
  readonly name: string;
  readonly email: string;
}

/**
 * The author in the only form that DOLT_COMMIT keeps whole: it silently cuts a name at brackets, quotes and the like
 * (measured on Dolt 1.83.2), so what it can't keep becomes `_`.
 */
export function commitAuthor(actor: Actor): string {
  const name = actor.name.replace(/[^\p{L}\p{N} ._-]/gu, "_").trim() || "unknown";
  const email = actor.email.replace(/[^\w.+@-]/g, "_") || "unknown@local";
  return `${name} <${email}>`;
}
