import { toBdError } from "../app/error-wire.ts";
import type { HttpServing, ServedBy } from "../http/serve-http.ts";
import type { HttpOptions } from "../ops/caller.ts";

/** Has a daemon serve HTTP besides, where it is to. A port that is taken is no reason to be no daemon: it says so, and goes on. */
export async function serveBeside(
  options: HttpOptions | undefined,
  { say, ...by }: ServedBy & { readonly say: (line: string) => void },
): Promise<HttpServing | undefined> {
  if (options === undefined) return undefined;
  try {
    const { serveHttp } = await import("../http/serve-http.ts");
    const serving = await serveHttp(by, options);
    say(`serving HTTP at ${serving.url}`);
    return serving;
  } catch (error) {
    say(`HTTP: ${toBdError(error).message}`);
    return undefined;
  }
}
