import * as z from "zod/mini";
import { errorWire } from "../app/error-wire.ts";
import { feedEventSchema } from "../core/changes/feed-event.ts";
import { isForPrograms, OPERATIONS } from "../ops/index.ts";
import type { AnyOperation } from "../ops/operation.ts";
import { inputSchema, type JsonSchema, takenSchema, wireSchema } from "../ops/wire/operation-schemas.ts";
import { eventQuery } from "./event-stream.ts";
import { ISSUE_ROUTES } from "./issue-routes.ts";
import type { Route } from "./route.ts";

/** The API as OpenAPI 3.1 has it, made of the same schemas by which requests are checked. */
export async function apiDescription(version: string): Promise<object> {
  const paths: Record<string, Record<string, object>> = {
    "/healthz": {
      get: {
        summary: "Say whether the server and the database answer",
        security: [],
        responses: answers({ type: "object" }),
      },
    },
    "/openapi.json": { get: { summary: "This description", responses: answers({ type: "object" }) } },
    "/api/session": {
      post: {
        summary: "Show the token once; from then on a cookie stands for it",
        security: [],
        requestBody: bodyOf({ type: "object", properties: { token: { type: "string" } }, required: ["token"] }),
        responses: { 204: { description: "The cookie" }, default: FAILURE },
      },
    },
    "/api/events": {
      get: {
        summary: "Server-sent events: `ready`, `change`, `resync`, `heartbeat`",
        parameters: [
          ...queryOf(eventQuery()),
          { name: "Last-Event-ID", in: "header", schema: { type: "string" }, description: "Goes before `since`" },
        ],
        responses: {
          200: {
            description: "Events",
            content: { "text/event-stream": { schema: { $ref: "#/components/schemas/Event" } } },
          },
          default: FAILURE,
        },
      },
    },
    "/api/ops": {
      get: { summary: "List the operations", responses: answers({ type: "array", items: { type: "object" } }) },
    },
  };
  for (const route of ISSUE_ROUTES) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method]: await describeRoute(route) };
  }
  for (const { name, summary, load } of OPERATIONS.filter(isForPrograms)) {
    paths[`/api/ops/${name}`] = { post: await describeOperation(summary, await load()) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "bd", version, description: "An issue tracker on a shared Dolt SQL server." },
    security: [{ token: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        cookie: { type: "apiKey", in: "cookie", name: "bd" },
      },
      schemas: {
        Error: plain(await wireSchema(errorWire)),
        Event: plain(z.toJSONSchema(feedEventSchema())),
      },
    },
  };
}

const FAILURE = {
  description: "What went wrong",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};

async function describeRoute({
  operation,
  summary,
  path,
  query,
  body,
  one,
  versioned,
  creates,
}: Route): Promise<object> {
  const entry = OPERATIONS.find(({ name }) => name === operation);
  const output = entry === undefined ? {} : plain(await wireSchema((await entry.load()).wire));
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  return {
    operationId: operation,
    summary,
    parameters: [
      ...names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...(query === undefined ? [] : queryOf(query())),
      ...(versioned === true && names.length > 0 && body !== undefined
        ? [
            {
              name: "If-Match",
              in: "header",
              schema: { type: "string" },
              description: "The ETag that the change is about",
            },
          ]
        : []),
    ],
    ...(body === undefined ? {} : { requestBody: bodyOf(plain(takenSchema(body()))) }),
    responses: answers(one === true ? itemsOf(output) : output, creates === true ? 201 : 200),
  };
}

async function describeOperation(summary: string, operation: AnyOperation): Promise<object> {
  const data = plain(await wireSchema(operation.wire));
  const failures = { type: "array", items: { $ref: "#/components/schemas/Error" } };
  const envelope = {
    type: "object",
    properties: { data, failures, notes: { type: "array", items: { type: "string" } } },
  };
  return {
    operationId: `ops.${operation.name}`,
    summary,
    requestBody: bodyOf(plain(inputSchema(operation))),
    responses: {
      200: {
        description: "The result; long texts and events come as they are",
        content: { "application/json": { schema: envelope }, "application/x-ndjson": { schema: { type: "string" } } },
      },
      207: { description: "Some of several things failed", content: { "application/json": { schema: envelope } } },
      default: FAILURE,
    },
  };
}

/** Of a union that has a list among its forms, what that list holds. */
function itemsOf(schema: JsonSchema): object {
  const list = [schema, ...(schema.anyOf ?? [])].find(({ type }: JsonSchema) => type === "array");
  return typeof list?.items === "object" && !Array.isArray(list.items) ? list.items : schema;
}

function queryOf(schema: z.ZodMiniObject): object[] {
  const { properties = {} } = plain(takenSchema(schema));
  return Object.entries(properties).map(([name, one]) => ({ name, in: "query", schema: one, explode: false }));
}

function bodyOf(schema: object): object {
  return { required: true, content: { "application/json": { schema } } };
}

function answers(schema: object, status = 200): object {
  return { [status]: { description: "The result", content: { "application/json": { schema } } }, default: FAILURE };
}

/** A schema within a document says nothing of its own dialect. */
function plain({ $schema: _dialect, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
