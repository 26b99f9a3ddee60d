import { BdError, command } from "../errors.ts";

const MAX_REDIRECTS = 10;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * GETs a URL and follows redirects, over HTTPS all the way; plain HTTP only from this machine itself.
 *
 * @throws BdError `unavailable` DOLT_DOWNLOAD_FAILED for an insecure or endless way; what `fetch` throws
 */
export async function fetchSecurely(start: URL, signal: AbortSignal | undefined): Promise<Response> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (!isSecure(url)) throw refused(start, `it leads to ${url.protocol}//${url.host}, which is not HTTPS`);
    const response = await fetch(url, { redirect: "manual", signal: signal ?? null });
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, url.href);
    if (next === null) throw refused(start, "it redirects to something that is not a URL");
    url = next;
  }
  throw refused(start, `it redirects more than ${MAX_REDIRECTS} times`);
}

function isSecure(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname));
}

function refused(url: URL, why: string): BdError {
  return new BdError("unavailable", "DOLT_DOWNLOAD_FAILED", `${url.href} is not downloaded: ${why}`, {
    hint: command`bd server install`,
    details: { url: url.href },
  });
}
