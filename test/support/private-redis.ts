import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { redisConnection } from "../../src/tracker/redis/index.ts";
import type { StoreConnection } from "../../src/tracker/store-connection.ts";

/** A real Redis of a test's own, behind a socket. Gives its URL. */
export async function privateRedis(): Promise<string> {
  const server = redisServer({ keeps: false });
  await server.start();
  return server.url;
}

export interface RedisServer {
  readonly url: string;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** kill -9. */
  crash(): Promise<void>;
}

/** A Redis that goes with the test; where it keeps what it was told, on the disk, before it answers, a crash loses nothing. */
export function redisServer({ keeps }: { readonly keeps: boolean }): RedisServer {
  const dir = mkdtempSync(join(tmpdir(), "bd-redis-"));
  const socket = join(dir, "r.sock");
  const disk = keeps ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
  const settings = ["--port", "0", "--unixsocket", socket, "--save", "", ...disk, "--dir", dir];
  let server: ChildProcess | undefined;
  const crash = async () => {
    const ending = server === undefined || server.exitCode !== null || server.signalCode !== null ? undefined : server;
    server = undefined;
    if (ending === undefined) return;
    const gone = once(ending, "exit");
    ending.kill("SIGKILL");
    await gone;
    rmSync(socket, { force: true });
  };
  onTestFinished(async () => {
    await crash();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    url: `unix://${socket}`,
    crash,
    async start() {
      const started = spawn("redis-server", settings, { stdio: "ignore" });
      server = started;
      let failure: Error | undefined;
      started.on("error", (error) => (failure = error));
      while (!existsSync(socket)) {
        if (failure !== undefined) throw failure;
        await delay(10);
      }
    },
  };
}

/** A connection that is closed with the test. */
export function connectionTo(url: string): StoreConnection {
  const connection = redisConnection(url);
  onTestFinished(() => connection.close());
  return connection;
}

export const REST_TOKEN = "a-token-of-the-tests";

export interface RestFront {
  readonly url: string;
  /** How many requests were made. */
  readonly requests: () => number;
}

/**
 * What Upstash' servers speak over HTTP, before a real Redis: `POST /` and `POST /pipeline` with base64 where the client asks for
 * it, 401 without the token, 400 for a command that fails. The vendor's own client is the judge of it.
 */
export async function restFront(redisUrl: string): Promise<RestFront> {
  const redis = connectionTo(redisUrl);
  let requests = 0;
  const run = async (command: readonly unknown[], encode: (value: unknown) => unknown) => {
    try {
      return { result: encode(await redis.send(command.map(String))) };
    } catch (error) {
      return { error: error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error) };
    }
  };
  const server = createServer((request, response) => {
    void (async () => {
      requests += 1;
      const answer = (status: number, value: object) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (request.headers.authorization !== `Bearer ${REST_TOKEN}`) {
        answer(401, { error: "WRONGPASS invalid or missing auth token" });
        return;
      }
      const encode = request.headers["upstash-encoding"] === "base64" ? base64 : (value: unknown) => value;
      const body: unknown = JSON.parse(await textOf(request));
      if (!Array.isArray(body)) return void answer(400, { error: "ERR failed to parse command" });
      if (request.url === "/pipeline") {
        const results: object[] = [];
        for (const command of body) results.push(await run(command, encode));
        return void answer(200, results);
      }
      const result = await run(body, encode);
      answer("error" in result ? 400 : 200, result);
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, requests: () => requests };
}

function base64(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(base64);
  return typeof value === "string" && value !== "OK" ? Buffer.from(value, "utf8").toString("base64") : value;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
