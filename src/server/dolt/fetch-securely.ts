import { BdError, command } from "../../errors.ts";

const MAX_REDIRECTS = 10;
/** How long a server may take to begin its answer; the archive itself may take its time. */
const ANSWER_MS = 15_000;
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
    const response = await answerOf(url, signal);
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, url.href);
    if (next === null) throw refused(start, "it redirects to something that is not a URL");
    url = next;
  }
  throw refused(start, `it redirects more than ${MAX_REDIRECTS} times`);
}

/** Where nothing answers, as behind a firewall that drops, other ways are open. */
async function answerOf(url: URL, signal: AbortSignal | undefined): Promise<Response> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`${url.host} does not answer`)), ANSWER_MS);
  try {
    const given = signal === undefined ? [] : [signal];
    return await fetch(url, { redirect: "manual", signal: AbortSignal.any([...given, silence.signal]) });
  } finally {
    clearTimeout(timer);
  }
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
