import { BdError, command } from "../../errors.ts";

const DATABASE_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const LONGEST_DATABASE_NAME = 64;

/**
 * Turns a folder's name, or what a person typed, into an issue prefix: no leading dots, no trailing hyphens, `_` for
 * everything that is not a letter, digit, `_` or `-`, and a letter in front (`2024.app` becomes `bd_2024_app`). Letters lose
 * their accents; those of other scripts go where they are all there is before or behind (`漢字-app` becomes `app`).
 */
export function cleanPrefix(raw: string): string {
  const prefix = raw
    .trim()
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replace(/^[^\p{ASCII}]+[-_. ]*|[-_. ]*[^\p{ASCII}]+$/gu, "")
    .replace(/^\.+/, "")
    .replace(/-+$/, "")
    .replace(/[^A-Za-z0-9_-]/gu, "_");
  if (prefix === "") return "bd";
  return /^[A-Za-z]/.test(prefix) ? prefix : `bd_${prefix}`;
}

/** True for a name that we would give to a database: `^[A-Za-z_][A-Za-z0-9_-]*$`, at most 64 characters. */
export function isDatabaseName(name: string): boolean {
  return name.length <= LONGEST_DATABASE_NAME && DATABASE_NAME.test(name);
}

/**
 * The name of a new project's database. Hyphens stay: every identifier is quoted.
 *
 * @throws BdError usage/PREFIX_INVALID when no database can be called so
 */
export function databaseNameFor(prefix: string): string {
  const name = `beads_${prefix}`;
  if (isDatabaseName(name)) return name;
  throw new BdError(
    "usage",
    "PREFIX_INVALID",
    `the prefix "${prefix}" makes no database name: ${name} may hold letters, digits, "_" and "-", and at most ${LONGEST_DATABASE_NAME} characters`,
    { hint: command`bd config explain allowed_prefixes`, details: { prefix, database: name } },
  );
}
