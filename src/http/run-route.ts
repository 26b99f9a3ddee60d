import type { Context } from "hono";
import type { Issue } from "../core/issue/issue.ts";
import { issueVersion } from "../core/issue/issue-version.ts";
import { BdError } from "../errors.ts";
import { json, resultOf, type Service } from "./answer.ts";
import { fitting, type Route, readQuery } from "./route.ts";

/** Runs the operation of a route, and gives its result as the resource that it is. */
export async function answerRoute(c: Context, service: Service, route: Route): Promise<Response> {
  const body = route.body === undefined ? {} : fitting(route.body(), await jsonBody(c));
  const params = new URL(c.req.url).searchParams;
  if (route.query === undefined && params.size > 0) {
    throw new BdError("usage", "BAD_INPUT", "nothing may stand behind the ? here");
  }
  const query = route.query === undefined ? {} : readQuery(route.query(), params);
  const [id, part, version] = [c.req.param("id") ?? "", c.req.param("part") ?? "", wantedVersion(c)];
  const result = await resultOf(c, service, {
    operation: route.operation,
    input: route.input({ id, part, query, body, version }),
  });
  const [failure] = result.failures;
  if (failure !== undefined) throw failure.error;
  const payload = result.payload();
  const answer: unknown = route.one === true && Array.isArray(payload) ? payload[0] : payload;
  const total = totalOf(result.output);
  if (total !== undefined) c.header("X-Total-Count", String(total));
  if (route.versioned === true) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what has a version is an issue, as the operation's wire gives it
    const issue = answer as Issue;
    c.header("ETag", `"${issueVersion({ ...issue, ...labelsOf(result.output) })}"`);
    if (route.creates === true) c.header("Location", `/api/issues/${encodeURIComponent(issue.id)}`);
  }
  return json(c, answer, route.creates === true ? 201 : 200);
}

/** Throws BdError usage BAD_INPUT. */
export async function jsonBody(c: Context): Promise<unknown> {
  const text = await c.req.text();
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new BdError("usage", "BAD_INPUT", "the body is no JSON");
  }
}

function wantedVersion(c: Context): string | undefined {
  const header = c.req.header("if-match");
  if (header === undefined || header.trim() === "*") return undefined;
  const [, version] = /^\s*"([^"]*)"\s*$/.exec(header) ?? [];
  if (version === undefined) throw new BdError("usage", "BAD_INPUT", "If-Match takes one ETag, as it was given");
  return version;
}

/** Of a new issue the labels stand beside it. */
function labelsOf(output: unknown): Pick<Issue, "labels"> {
  if (typeof output !== "object" || output === null || !("labels" in output)) return {};
  return Array.isArray(output.labels) ? { labels: output.labels } : {};
}

/** How many there are, where a list shows fewer. */
function totalOf(output: unknown): number | undefined {
  if (typeof output !== "object" || output === null || !("total" in output)) return undefined;
  return typeof output.total === "number" ? output.total : undefined;
}
