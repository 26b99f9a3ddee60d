import { toWireTime } from "../../core/time/wire-time.ts";
import type { Finding } from "../../core/verify/finding.ts";
import { BdError } from "../../errors.ts";
import { type Verification, verifyDatabase } from "../../federation/verify.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";

export interface VerifyResult extends Verification {
  /** Set where something was found; it decides the exit code. */
  readonly problem: BdError | undefined;
}

/** Looks for what is mixed up in the database, and changes nothing. */
export const verifyTracker = defineOperation({
  name: "dolt.verify",
  access: "read",
  input: NO_INPUT,
  async run(context): Promise<VerifyResult> {
    const found = await context.read(verifyDatabase);
    return { ...found, problem: found.findings.length === 0 ? undefined : somethingFound(found.findings.length) };
  },
  wire: {
    of: ({ findings }) => findings.map(payloadOf),
    schema: () => import("./verify-schema.ts").then((m) => m.verifySchema()),
  },
});

function somethingFound(count: number): BdError {
  return new BdError(
    "rejected",
    "VERIFY_FOUND",
    `${count === 1 ? "1 thing is" : `${count} things are`} not as it should be`,
  );
}

function payloadOf({ kind, items, message, known, next }: Finding) {
  return {
    kind,
    items,
    message,
    known: known.map(({ id, title, createdBy, createdAt, commit }) => ({
      id,
      title,
      created_by: createdBy,
      created_at: toWireTime(createdAt),
      commit,
    })),
    next,
  };
}
