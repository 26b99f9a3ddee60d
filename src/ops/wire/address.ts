import * as z from "zod/mini";

/** The keys of an endpoint: where a server listens. A socket goes before host and port. */
export function address() {
  return { host: z.string(), port: z.int(), socket: z.optional(z.string()) };
}
