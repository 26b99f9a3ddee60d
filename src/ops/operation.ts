import type * as z from "zod/mini";
import type { BdError } from "../errors.ts";
import type { ContextByAccess } from "./context.ts";

/**
 * What a use case needs: `none` no database; `read` a snapshot; `write` a transaction too; `exchange` remotes besides, and
 * the secrets to reach them; `machine` also servers, processes and files of this machine, so that it never crosses a
 * socket. The access decides which context `run` gets, and what `--readonly` refuses.
 */
export type Access = "none" | "read" | "write" | "exchange" | "machine";

/** What is asked of an input schema; those of zod/mini fit, and operations without input need not load it. */
export interface Schema<Input> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Input }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
}

export interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** What would have been right, where that is a list, a bound or a kind; of a choice, what each says. */
  readonly values?: readonly unknown[];
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly expected?: string;
  readonly errors?: ReadonlyArray<readonly SchemaIssue[]>;
  /** Names that nobody knows. */
  readonly keys?: readonly string[];
}

/** For operations that take nothing, and whose start zod would slow down: `z.strictObject({})` without it. */
export const NO_INPUT: Schema<Readonly<Record<string, never>>> = {
  safeParse: (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
      ? { success: true, data: {} }
      : { success: false, error: { issues: [{ path: [], message: "this takes no input" }] } },
};

/** What an output is for programs. */
export interface Wire<Input, Output> extends WireSchema {
  /** The JSON of an output, undefined for none: it may depend on what was asked. */
  of(output: Output, input: Input): unknown;
}

export interface WireSchema {
  /**
   * The shape of that JSON. Its objects are loose: more keys may come, and none goes. Made when it is asked for, because
   * to run an operation nobody needs it; a promise where the operation does without zod.
   */
  schema(): z.ZodMiniType | Promise<z.ZodMiniType>;
}

/** A use case as a value. `run` is never repeated; only the bodies that it hands to `read` and `write` are. */
export interface Operation<A extends Access, Input, Output> {
  readonly name: string;
  readonly access: A;
  readonly input: Schema<Input>;
  readonly wire: Wire<Input, Output>;
  /** Says of an operation on this machine that it changes nothing by itself: whoever may only look may run it. */
  readonly changesNothing?: true;
  /** Which input of a write passes although the setting `readonly` is on: what takes it back. */
  readonly passesReadonly?: (input: Input) => boolean;
  run(context: ContextByAccess[A], input: Input): Promise<Output>;
}

/** Any operation, for those who only pass values through. */
export interface AnyOperation {
  readonly name: string;
  readonly access: Access;
  readonly input: Schema<unknown>;
  readonly wire: Wire<never, never>;
  readonly changesNothing?: true;
  passesReadonly?(input: never): boolean;
  run(context: never, input: never): Promise<unknown>;
}

/** What a front end knows of an operation before it is loaded. */
export interface OperationEntry {
  readonly name: string;
  readonly access: Access;
  readonly summary: string;
  /** Loads the operation; nothing is loaded that isn't invoked. */
  readonly load: () => Promise<AnyOperation>;
}

export type OutputOf<O extends AnyOperation> = Awaited<ReturnType<O["run"]>>;

export function defineOperation<A extends Access, Input, Output>(
  operation: Operation<A, Input, Output>,
): Operation<A, Input, Output> {
  return operation;
}

/** One of several items that did not work; the others did. */
export interface ItemFailure {
  /** As the user wrote it. */
  readonly item: string;
  readonly error: BdError;
}

/** What operations over several items give beside their result. */
export interface Several {
  readonly failures: readonly ItemFailure[];
}
