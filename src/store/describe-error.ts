import { type Endpoint, endpointName } from "../core/endpoint.ts";
import { BdError, command } from "../errors.ts";
import { classifyDriverError, fromDriverError, hasServerErrno } from "./driver-errors.ts";
import type { SessionOptions } from "./store.ts";

/** The error for people, with the hint that fits this machine where no server answers. */
export function describeError(
  error: unknown,
  where: Pick<SessionOptions, "endpoint" | "startHint"> & { readonly database: string | undefined },
): BdError {
  const described = fromDriverError(error, where.endpoint, where.database);
  if (described.code !== "SERVER_UNREACHABLE") return described;
  return new BdError(described.kind, described.code, described.message, { hint: where.startHint(), cause: error });
}

/** For what connecting threw: errors that a server sent carry a number; without one it does not greet as MySQL does. */
export function notMysql(error: unknown, endpoint: Endpoint): BdError | undefined {
  if (error instanceof BdError || classifyDriverError(error) !== "other" || hasServerErrno(error)) return undefined;
  return new BdError(
    "config",
    "NOT_MYSQL",
    `what answers at ${endpointName(endpoint)} does not speak the MySQL protocol`,
    {
      hint: command`bd dolt show`,
      cause: error,
    },
  );
}
