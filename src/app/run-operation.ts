import { BdError, type CommandLine, command } from "../errors.ts";
import { findOperation } from "../ops/index.ts";
import type { ItemFailure } from "../ops/operation.ts";
import type { Result } from "./frame.ts";
import { misfit } from "./misfit.ts";
import { type Call, openContext } from "./open-context.ts";
import { OwnFile } from "./own-file.ts";

/**
 * Runs one operation by name: loads it, checks the input, gives it a context, closes what that opened.
 * Throws BdError usage for input that does not fit, rejected READ_ONLY for changes by a caller who may make none.
 */
export async function runOperation(call: Call, name: string, input: unknown): Promise<Result> {
  const entry = findOperation(name);
  if (entry === undefined) throw new Error(`no operation is called ${name}`);
  const context = await openContext(call);
  try {
    // Git is asked for the writer's name while the operation loads. What is wrong with that, the operation hears.
    if (entry.access === "write") context.actor().catch(() => {});
    const operation = await entry.load();
    const changes = entry.access !== "none" && entry.access !== "read" && operation.changesNothing !== true;
    if (changes && call.caller.readonly) throw readOnly(name);
    const parsed = operation.input.safeParse(input);
    if (!parsed.success) throw misfit(parsed.error.issues);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its schema made the input, its access says which of the context it sees
    const fitting = parsed.data as never;
    const passes = operation.passesReadonly?.(fitting) ?? false;
    if (changes && !passes && (await context.isReadonly())) throw readOnly(name, command`bd config explain readonly`);
    const file = await OwnFile.for(entry, context);
    if (file !== undefined) await file.begin(!call.caller.readonly && !(await context.isReadonly()));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    const output = (await operation.run(context as never, fitting)) as never;
    await file?.end();
    return {
      output,
      failures: failuresOf(output),
      payload: () => operation.wire.of(output, fitting),
      seen: context.seen(),
    };
  } finally {
    context.close();
  }
}

/** See `Several`: items that failed while others worked. */
function failuresOf(output: unknown): readonly ItemFailure[] {
  if (typeof output !== "object" || output === null || !("failures" in output)) return [];
  return Array.isArray(output.failures) ? output.failures : [];
}

function readOnly(name: string, hint?: CommandLine): BdError {
  return new BdError("rejected", "READ_ONLY", `operation '${name}' is not allowed in read-only mode`, { hint });
}
