import * as z from "zod/mini";

/** What clients may send, checked: anybody on this machine who is us may write anything into the socket. */

const Stream = z.object({ isTerminal: z.boolean(), columns: z.optional(z.number()) });

const LineSchema = z.object({
  argv: z.array(z.string()),
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  terminal: z.object({ stdin: Stream, stdout: Stream, stderr: Stream }),
  password: z.optional(z.string()),
});

const Caller = z.object({
  actor: z.optional(z.string()),
  session: z.optional(z.string()),
  readonly: z.optional(z.boolean()),
  cwd: z.optional(z.string()),
});

const id = z.number();

export const ClientFrame = z.union([
  z.object({ id, line: LineSchema }),
  z.object({ id, op: z.string(), input: z.optional(z.unknown()), caller: z.optional(Caller) }),
  z.object({ id, stdin: z.nullable(z.string()) }),
  z.object({ id, cancel: z.literal(true) }),
]);

export type ClientFrame = z.infer<typeof ClientFrame>;
