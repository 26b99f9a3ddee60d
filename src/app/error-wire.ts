import { BdError, command } from "../errors.ts";
import type { WireSchema } from "../ops/operation.ts";

/** What an error is for programs, whichever front they came through. */
export const errorWire: WireSchema & { of(error: BdError): Record<string, unknown> } = {
  of: ({ message, code, hint, details }) => ({
    error: message,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  }),
  schema: () => import("../ops/wire/error-schema.ts").then((m) => m.errorSchema()),
};

/** Whatever else was thrown is a bug of ours. */
export function toBdError(error: unknown): BdError {
  if (error instanceof BdError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new BdError("internal", "INTERNAL", `this is a bug in bd: ${message}`, {
    hint: command`bd version`,
    cause: error,
  });
}
