import * as z from "zod/mini";

/** The wire of an error, see `app/error-wire.ts`. */
export function errorSchema() {
  return z.looseObject({
    error: z.string(),
    code: errorCode(),
    hint: z.optional(z.string()),
    details: z.optional(z.record(z.string(), z.unknown())),
  });
}

/** One of those in docs/errors.md. */
export function errorCode() {
  return z.string().check(z.regex(/^[A-Z][A-Z0-9_]*$/));
}
