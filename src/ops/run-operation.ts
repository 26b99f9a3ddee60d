import { BdError, type CommandLine, command } from "../errors.ts";
import { findOperation } from "./index.ts";
import { type Host, openContext } from "./open-context.ts";
import type { SchemaIssue } from "./operation.ts";

/**
 * Runs one operation by name: loads it, checks the input, gives it a context, closes what that opened.
 * Throws BdError usage for input that does not fit, rejected READ_ONLY for writes with `--readonly` or the setting.
 */
export async function runOperation(host: Host, name: string, input: unknown): Promise<unknown> {
  const entry = findOperation(name);
  if (entry === undefined) throw new Error(`no operation is called ${name}`);
  const changes = entry.access === "write" || entry.access === "admin";
  if (changes && host.readonly) throw readOnly(name);
  const operation = await entry.load();
  const parsed = operation.input.safeParse(input);
  if (!parsed.success) throw inputError(parsed.error.issues);
  const context = await openContext(host);
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as below
    const passes = operation.passesReadonly?.(parsed.data as never) ?? false;
    if (changes && !passes && (await context.isReadonly())) throw readOnly(name, command`bd config explain readonly`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its access says which of it it sees, its schema made the input
    return await operation.run(...([context, parsed.data] as [never, never]));
  } finally {
    context.close();
  }
}

function readOnly(name: string, hint?: CommandLine): BdError {
  return new BdError("rejected", "READ_ONLY", `operation '${name}' is not allowed in read-only mode`, { hint });
}

function inputError(issues: readonly SchemaIssue[]): BdError {
  const [first] = issues;
  const where = first === undefined ? "" : first.path.map(String).join(".").replaceAll("_", "-");
  const what = first?.values === undefined ? first?.message : `expected one of ${first.values.map(String).join(", ")}`;
  return new BdError("usage", "BAD_INPUT", `${where ? `${where}: ` : ""}${what ?? "the input does not fit"}`);
}
