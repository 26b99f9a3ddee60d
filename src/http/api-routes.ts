import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { BdError, command } from "../errors.ts";
import { isForPrograms, OPERATIONS, operationForPrograms } from "../ops/index.ts";
import { type Access, WHICH_TOKEN } from "./access.ts";
import { failed, json, resultOf, type Service, streamAnswer } from "./answer.ts";
import { EventHub } from "./event-hub.ts";
import { eventStream } from "./event-stream.ts";
import { ISSUE_ROUTES } from "./issue-routes.ts";
import { answerRoute, jsonBody } from "./run-route.ts";
import type { TaskStore } from "./task-store.ts";

const MOST_BYTES = 1024 * 1024;

export interface ServedBy extends Omit<Service, "leaving" | "ended"> {
  readonly version: string;
  /** Hears of each request that was answered: method, path and status. */
  readonly onRequest?: ((line: string) => void) | undefined;
}

/** All that is served, as a function of Web requests. */
export function apiRoutes(service: Service & ServedBy & { readonly tasks: TaskStore }, access: Access): Hono {
  const app = new Hono();
  const hub = new EventHub(service);
  app.onError((error, c) => failed(c, error));
  app.notFound((c) =>
    failed(
      c,
      new BdError(
        "not-found",
        "NO_SUCH_ROUTE",
        `nothing is at ${c.req.method} ${c.req.path}; GET /openapi.json says what is`,
      ),
    ),
  );
  app.use(async (c, next) => {
    await next();
    service.onRequest?.(`${c.req.method} ${c.req.path} ${c.res.status}`);
  });
  app.use(
    secureHeaders({
      strictTransportSecurity: false,
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    }),
  );
  app.use(access.ownPagesAlone);
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }));
  app.get("/healthz", (c) => healthOf(c, service));
  app.post("/api/session", async (c) => {
    const body = await jsonBody(c);
    const { token } = typeof body === "object" && body !== null && "token" in body ? body : {};
    if (typeof token !== "string" || !access.isToken(token)) {
      throw new BdError("rejected", "TOKEN_NEEDED", "that is not the token of this server", { hint: WHICH_TOKEN });
    }
    access.letIn(c);
    return c.body(null, 204);
  });
  app.use(access.tokenNeeded);
  app.get("/openapi.json", async (c) => json(c, await (await import("./openapi.ts")).apiDescription(service.version)));
  app.get("/api/events", (c) => eventStream(c, service, hub));
  for (const route of ISSUE_ROUTES)
    app.on(route.method.toUpperCase(), route.path, (c) => answerRoute(c, service, route));
  app.all("/api/tracker/:what{.+}", (c) => service.tasks.answer(c, service));
  app.get("/api/ops", (c) =>
    json(
      c,
      OPERATIONS.filter(isForPrograms).map(({ name, access: needs, summary }) => ({ name, access: needs, summary })),
    ),
  );
  app.post("/api/ops/:name", async (c) => {
    const { name } = operationForPrograms(c.req.param("name"));
    return streamAnswer(c, service, { operation: name, input: await jsonBody(c) });
  });
  return app;
}

async function healthOf(c: Context, service: Service): Promise<Response> {
  await resultOf(c, service, { operation: "workspace.ping", input: {} });
  return json(c, { ok: true });
}

function tooLarge(c: Context): Response {
  return failed(
    c,
    new BdError("usage", "BODY_TOO_LARGE", `a body may have ${MOST_BYTES} bytes`, { hint: command`bd import --help` }),
  );
}
