import { BdError } from "../../src/errors.ts";

/** What a refused call says, as plain data to compare. Fails when it refuses nothing, or with anything but a BdError. */
export function refusal(call: () => unknown): Pick<BdError, "kind" | "code" | "message"> {
  try {
    call();
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
    return { kind: error.kind, code: error.code, message: error.message };
  }
  throw new Error("expected a BdError, but nothing was thrown");
}
