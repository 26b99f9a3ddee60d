/** Who acts, as far as the owners of files go. */
export interface Person {
  /** The effective user; undefined where the system has no such numbers. */
  readonly uid?: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The users whose files are taken for what they are; undefined takes everybody's. */
export type Owners = readonly number[] | undefined;

/**
 * Whose files are as good as the person's own: those of the person, of root, who may change everything anyway, and, for
 * root, of whoever called sudo.
 */
export function trustedOwners({ uid, env }: Person): Owners {
  if (uid === undefined) return undefined;
  const caller = uid === 0 ? (env["SUDO_UID"] ?? "") : "";
  return [uid, 0, ...(/^\d{1,10}$/.test(caller) ? [Number(caller)] : [])];
}

export function isOwned(by: { readonly uid: number }, owners: Owners): boolean {
  return owners === undefined || owners.includes(by.uid);
}
