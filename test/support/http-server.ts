import { onTestFinished } from "vitest";
import { serveHttp } from "../../src/http/serve-http.ts";
import type { HttpOptions } from "../../src/ops/caller.ts";
import { callerIn, testApp } from "./test-app.ts";
import { type TestWorkspace, testWorkspace } from "./workspace.ts";

export const TOKEN = "a-token-of-the-tests";

export interface TestServer {
  readonly workspace: TestWorkspace;
  readonly url: string;
  /** A request with the token; a body is sent as JSON. */
  readonly ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<TestAnswer>;
  readonly stop: () => Promise<void>;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Of JSON. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** Serves a workspace over HTTP in this process, until the test is finished. */
export async function testServer(
  options: Partial<HttpOptions> = {},
  prefix?: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const workspace = await testWorkspace(prefix === undefined ? {} : { prefix });
  const app = testApp({ idleSessions: 4 });
  const caller = callerIn(workspace, { session: "http" });
  const by = { app, caller: { ...caller, env: { ...caller.env, ...env } }, version: "0.0.0" };
  const serving = await serveHttp(by, {
    host: "127.0.0.1",
    port: 0,
    names: [],
    token: TOKEN,
    readonly: false,
    tasks: { prefix: "tracker:", statuses: ["todo", "in-progress", "review", "done"] },
    ...options,
  });
  const stop = once(async () => {
    await serving.stop();
    app.close();
  });
  onTestFinished(stop);
  return {
    workspace,
    url: serving.url.replace(/\/$/, ""),
    stop,
    async ask(method, path, body, headers = {}) {
      const response = await fetch(new URL(path, serving.url), {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
    },
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

export interface ServerEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: ReturnType<typeof JSON.parse>;
}

/** What comes on an event stream, one by one; it hangs up when it is returned from. */
export async function* serverEvents(response: Response): AsyncGenerator<ServerEvent, void, void> {
  let text = "";
  for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += piece;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(
        block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const),
      );
      yield { event: fields.get("event") ?? "", id: fields.get("id"), data: JSON.parse(fields.get("data") ?? "null") };
    }
  }
}
