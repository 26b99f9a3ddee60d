import type { ErrorKind } from "../errors.ts";

/** The whole of it: what a process exits with. 0 is done, empty lists and a closed pipe included. */
export const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  rejected: 1,
  usage: 2,
  "not-found": 3,
  config: 4,
  unavailable: 5,
  conflict: 6,
  schema: 7,
  "init-diverged": 10,
  "init-exists": 11,
  "init-token": 12,
  internal: 70,
  output: 74,
  timeout: 124,
  interrupted: 130,
};

/** Some of several items failed. */
export const PARTIAL_FAILURE = EXIT_CODES.rejected;
