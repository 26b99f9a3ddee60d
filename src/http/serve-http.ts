import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { BdError, command, Interruption } from "../errors.ts";
import type { HttpOptions } from "../ops/caller.ts";
import { Access } from "./access.ts";
import { apiRoutes, type ServedBy } from "./api-routes.ts";
import { namesOf } from "./host-names.ts";
import { taskStore } from "./task-store.ts";

/** A request whose end does not come is no request. */
const REQUEST_MS = 20_000;
const LOOK_MS = 2000;
/** So many may knock at once: browsers that all come back after a restart. The system may allow fewer. */
const WAITING = 4096;
/** How long what runs may take to end when the server is told to. */
const STOP_MS = 5000;
const IDLE_LOOK_MS = 50;

export type { ServedBy };

export interface HttpServing {
  /** Where it is to be reached, as people type it. */
  readonly url: string;
  /** Takes nothing more, lets what runs end, and interrupts it after a while. */
  stop(): Promise<void>;
}

/** Serves the tracker over HTTP. Throws BdError unavailable PORT_TAKEN, config ADDRESS_REFUSED. */
export async function serveHttp(by: ServedBy, options: HttpOptions): Promise<HttpServing> {
  const [leaving, ended] = [new AbortController(), new AbortController()];
  const caller = { ...by.caller, readonly: options.readonly || by.caller.readonly };
  const names = { port: options.port };
  const access = new Access({ token: options.token, hosts: () => namesOf({ ...options, ...names }) });
  const tasks = taskStore(caller, options.tasks);
  const routes = apiRoutes({ ...by, caller, leaving: leaving.signal, ended: ended.signal, tasks }, access);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is this one where nothing is said of TLS or HTTP/2
  const server = createAdaptorServer({
    fetch: routes.fetch,
    serverOptions: {
      requestTimeout: REQUEST_MS,
      headersTimeout: REQUEST_MS / 2,
      connectionsCheckingInterval: LOOK_MS,
      maxHeaderSize: 16 * 1024,
    },
  }) as Server;
  await listen(server, options);
  const address = server.address();
  if (typeof address === "object" && address !== null) names.port = address.port;
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${names.port}/`,
    async stop() {
      const closed = new Promise((resolve) => void server.close(resolve));
      leaving.abort();
      const late = [
        setTimeout(() => ended.abort(new Interruption(new AbortController().signal)), STOP_MS),
        setTimeout(() => server.closeAllConnections(), 2 * STOP_MS),
      ];
      // A connection whose answer ends only now would be kept for the next request.
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
      await closed;
      for (const timer of late) clearTimeout(timer);
      clearInterval(idle);
      await tasks.close();
    },
  };
}

function listen(server: Server, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(refused(error, { host, port })));
    server.listen({ port, host, backlog: WAITING }, () => {
      server.removeAllListeners("error").on("error", () => {});
      resolve();
    });
  });
}

function refused(
  { code, message }: NodeJS.ErrnoException,
  { host, port }: Pick<HttpOptions, "host" | "port">,
): BdError {
  if (code === "EADDRINUSE") {
    return new BdError("unavailable", "PORT_TAKEN", `port ${port} of ${host} is in use by another program`, {
      hint: command`bd serve --port 0`,
      details: { host, port },
    });
  }
  return new BdError("config", "ADDRESS_REFUSED", `can't listen on ${host}, port ${port}: ${code ?? message}`, {
    hint: command`bd config explain serve.host`,
    details: { host, port },
  });
}
