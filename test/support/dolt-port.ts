import { inject } from "vitest";

/** The port of this worker's dolt server on 127.0.0.1. */
export function doltPort(): number {
  const worker = process.env["VITEST_POOL_ID"];
  const server = inject("doltServers")[Number(worker) - 1];
  if (server === undefined) throw new Error(`there is no server for worker ${worker}`);
  return server.port;
}
