import * as z from "zod/mini";
import { misfit } from "../app/misfit.ts";
import { BdError } from "../errors.ts";

/** A way to an operation that is for people who know HTTP better than our operations. */
export interface Route {
  readonly method: "get" | "post" | "patch" | "delete";
  /** As Hono has them: `/api/issues/:id`. */
  readonly path: string;
  readonly operation: string;
  readonly summary: string;
  /** What may stand behind the `?`. */
  readonly query?: () => z.ZodMiniObject;
  readonly body?: () => z.ZodMiniObject;
  /** The operation's input. */
  readonly input: (request: RouteRequest) => unknown;
  /** Whether the operation gives a list of one, which stands for itself. */
  readonly one?: true;
  /** Whether the answer is an issue with a version, which `If-Match` may name. */
  readonly versioned?: true;
  readonly creates?: true;
}

export interface RouteRequest {
  readonly id: string;
  /** The second name of the path. */
  readonly part: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The version that `If-Match` names. */
  readonly version: string | undefined;
}

/** Reads what stands behind the `?` by its schema. Throws BdError usage BAD_INPUT for what is unknown or no value. */
export function readQuery(schema: z.ZodMiniObject, given: URLSearchParams): Record<string, unknown> {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  const read: Record<string, unknown> = {};
  for (const name of new Set(given.keys())) {
    const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (typeof field !== "object") {
      throw new BdError("usage", "BAD_INPUT", `nothing is asked for by ${JSON.stringify(name)}`, {
        details: { field: name },
      });
    }
    read[name] = valueOf(field.type, name, given.getAll(name));
  }
  return fitting(schema, read);
}

/** Throws BdError usage BAD_INPUT, with the name of the field. */
export function fitting(schema: z.ZodMiniObject, value: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw misfit(parsed.error.issues);
}

function valueOf(kind: unknown, name: string, values: readonly string[]): unknown {
  const [first = ""] = values;
  if (kind === "array") return values.flatMap((value) => value.split(",")).filter((value) => value !== "");
  if (values.length > 1) throw new BdError("usage", "BAD_INPUT", `${name} may be said once`);
  if (kind === "boolean") return first === "" || first === "true" ? true : first === "false" ? false : first;
  if (kind === "integer") return /^\d+$/.test(first) ? Number(first) : first;
  return first;
}
