import { once } from "node:events";
import type { Server } from "node:net";

/** Makes the server listen on a free port of 127.0.0.1 and returns that port. */
export async function listenOnLoopback(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return address.port;
}
