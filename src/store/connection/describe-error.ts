import { BdError } from "../../errors.ts";
import type { SessionOptions } from "../session-types.ts";
import { fromDriverError } from "./driver-errors.ts";

/** The error for people, with the hint that fits this machine where no server answers. */
export function describeError(
  error: unknown,
  where: Pick<SessionOptions, "endpoint" | "startHint"> & { readonly database: string | undefined },
): BdError {
  // What a hostile server wanted is told by whoever refused it.
  if (error instanceof BdError) return error;
  const described = fromDriverError(error, where.endpoint, where.database);
  if (described.code !== "SERVER_UNREACHABLE") return described;
  return new BdError(described.kind, described.code, described.message, { hint: where.startHint(), cause: error });
}
