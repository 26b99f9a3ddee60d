import type { BdError, ErrorKind } from "../errors.ts";

type Status = 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 421 | 500 | 503 | 504;

const BY_KIND: Readonly<Record<ErrorKind, Status>> = {
  rejected: 409,
  usage: 400,
  "not-found": 404,
  config: 500,
  unavailable: 503,
  timeout: 504,
  conflict: 409,
  schema: 500,
  "init-diverged": 409,
  "init-exists": 409,
  "init-token": 409,
  output: 500,
  internal: 500,
  interrupted: 503,
};

/** Where HTTP has a better word than the kind of an error. */
const BY_CODE: Readonly<Record<string, Status>> = {
  BODY_TOO_LARGE: 413,
  CROSS_ORIGIN: 403,
  HOST_UNKNOWN: 421,
  ISSUE_CHANGED_SINCE: 412,
  NO_SUCH_ROUTE: 404,
  NOT_JSON: 415,
  READ_ONLY: 403,
  TOKEN_NEEDED: 401,
  UNKNOWN_OPERATION: 404,
};

/** What a response with this error has as its status. */
export function statusOf({ kind, code }: Pick<BdError, "kind" | "code">): Status {
  return BY_CODE[code] ?? BY_KIND[kind];
}
