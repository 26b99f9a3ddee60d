import * as z from "zod/mini";
import { compareCommits } from "../../federation/compare.ts";
import { fetchRemote } from "../../federation/fetch.ts";
import type { Carrier } from "../../federation/remote/transport.ts";
import { defineOperation } from "../operation.ts";
import { commitHash, natural } from "../wire/formats.ts";
import { rung } from "./carrier-schema.ts";
import { withRemote } from "./open-remote.ts";

const FetchInput = z.strictObject({ remote: z.optional(z.string()) });

export interface FetchResult {
  readonly remote: string;
  readonly url: string;
  readonly trackingRef: string;
  readonly local: string;
  /** Undefined where nothing was ever pushed there. */
  readonly remoteHash: string | undefined;
  /** Commits that only we have, and that only the remote has. */
  readonly ahead: number | undefined;
  readonly behind: number | undefined;
  readonly carrier: Carrier;
}

/** Brings a remote's commits into the database, beside our own; our issues stay as they are. */
export const fetchFromRemote = defineOperation({
  name: "dolt.fetch",
  access: "exchange",
  input: FetchInput,
  async run(context, { remote: name }: z.infer<typeof FetchInput>): Promise<FetchResult> {
    return withRemote(context, { name, task: "fetching from" }, async (opened) => {
      const { session, remote, transport, head } = opened;
      const { trackingRef, hash } = await fetchRemote(opened);
      const standing = hash === undefined ? undefined : await compareCommits(session, head, hash);
      return {
        remote: remote.name,
        url: remote.url.text,
        trackingRef,
        local: head,
        remoteHash: hash,
        ahead: standing?.ahead,
        behind: standing?.behind,
        carrier: transport.carrier,
      };
    });
  },
  wire: {
    of: ({ remote, url, local, remoteHash, ahead, behind, carrier }) => ({
      remote,
      url,
      local,
      remote_hash: remoteHash,
      ahead,
      behind,
      rung: carrier,
    }),
    schema: () =>
      z.looseObject({
        remote: z.string(),
        url: z.string(),
        local: commitHash(),
        remote_hash: z.optional(commitHash()),
        ahead: z.optional(natural()),
        behind: z.optional(natural()),
        rung: rung(),
      }),
  },
});
