import { BdError, command } from "../../errors.ts";

export function connectionGone(): BdError {
  return new BdError("unavailable", "CONNECTION_LOST", "the connection to the server was lost", {
    hint: command`bd ping`,
  });
}

export function lockGone(): BdError {
  const message = "the connection to the server was lost, and with it the lock that this needs";
  return new BdError("unavailable", "CONNECTION_LOST", message, { hint: command`bd ping` });
}

export function interrupted(hasWritten: boolean): BdError {
  const truth = hasWritten ? "what was committed before stays" : "nothing was written";
  return new BdError("interrupted", "INTERRUPTED", `interrupted; ${truth}`);
}
