import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { BdError, command } from "../errors.ts";

/** Who may ask: a port of this machine is in reach of every page in the person's browser, and of every other user. */
export interface AccessRules {
  readonly token: string;
  /** Names and addresses under which this may be reached, each as a `Host` header has it, in lower case. */
  readonly hosts: () => ReadonlySet<string>;
}

/** Browsers that have shown the token. A cookie is seen by every port of its host, so it is another secret than the token. */
export class Access {
  readonly #rules: AccessRules;
  readonly #token: Buffer;
  readonly #cookies = new Set<string>();

  constructor(rules: AccessRules) {
    this.#rules = rules;
    this.#token = digest(rules.token);
  }

  /** Refuses what another page, or another name for this address, has sent. */
  readonly ownPagesAlone: MiddlewareHandler = async (c, next) => {
    const host = c.req.header("host")?.toLowerCase() ?? "";
    if (!this.#rules.hosts().has(host)) {
      throw new BdError("rejected", "HOST_UNKNOWN", "this is not served under the name that the request has", {
        hint: command`bd config explain serve.names`,
      });
    }
    const origin = c.req.header("origin");
    const site = c.req.header("sec-fetch-site") ?? "none";
    const isOurs = origin === undefined || /^https?:\/\/(.*)$/.exec(origin.toLowerCase())?.[1] === host;
    if (!isOurs || (site !== "same-origin" && site !== "none")) {
      throw new BdError("rejected", "CROSS_ORIGIN", "another page sent this request");
    }
    const isWrite = c.req.method !== "GET" && c.req.method !== "HEAD";
    // No form and no other page can send that without being asked first.
    if (
      isWrite &&
      c.req.method !== "DELETE" &&
      !/^application\/json\s*(?:;|$)/i.test(c.req.header("content-type") ?? "")
    ) {
      throw new BdError("usage", "NOT_JSON", "a request that changes something needs Content-Type: application/json");
    }
    await next();
  };

  readonly tokenNeeded: MiddlewareHandler = async (c, next) => {
    const shown = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const mayPass = shown === undefined ? this.#knowsBrowser(c) : this.isToken(shown);
    if (!mayPass) {
      throw new BdError(
        "rejected",
        "TOKEN_NEEDED",
        "this needs the token of the server, as Authorization: Bearer TOKEN",
        { hint: WHICH_TOKEN },
      );
    }
    await next();
  };

  isToken(text: string): boolean {
    return timingSafeEqual(digest(text), this.#token);
  }

  /** From now on the browser that asks need not show the token. */
  letIn(c: Context): void {
    const cookie = randomBytes(32).toString("base64url");
    this.#cookies.add(cookie);
    const [oldest] = this.#cookies;
    if (this.#cookies.size > MOST_BROWSERS && oldest !== undefined) this.#cookies.delete(oldest);
    setCookie(c, cookieName(c), cookie, {
      httpOnly: true,
      sameSite: "Strict",
      path: "/api",
      secure: c.req.url.startsWith("https:"),
    });
  }

  #knowsBrowser(c: Context): boolean {
    const cookie = getCookie(c, cookieName(c));
    return cookie !== undefined && this.#cookies.has(cookie);
  }
}

/** Says in which file it is. */
export const WHICH_TOKEN = command`bd config explain serve.token-file`;

const MOST_BROWSERS = 1000;

/** Two servers on one host have a cookie each. */
function cookieName(c: Context): string {
  const port = /:(\d+)$/.exec(c.req.header("host") ?? "")?.[1];
  return port === undefined ? "bd" : `bd-${port}`;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
