import { BdError } from "../errors.ts";

/** `ENOENT` and its like, when the error is one of the operating system's. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export function interrupted(what: string): BdError {
  return new BdError("interrupted", "INTERRUPTED", `Interrupted while ${what}`);
}
