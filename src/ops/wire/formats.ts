import * as z from "zod/mini";
import { ONLY_COMMIT_HASH } from "../../core/commit-hash.ts";

/** A time as `toWireTime` gives it. */
export function time() {
  return z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/), z.meta({ format: "date-time" }));
}

/** The hash of a Dolt commit. */
export function commitHash() {
  return z.string().check(z.regex(ONLY_COMMIT_HASH));
}

/** A number of things. */
export function natural() {
  return z.int().check(z.gte(0));
}

/** One of the words of a type: the compiler sees that each stands here, and no other. */
export function oneOf<Word extends string>(words: Readonly<Record<Word, true>>) {
  return z.enum(Object.keys(words));
}
