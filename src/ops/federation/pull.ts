import * as z from "zod/mini";
import type { Side } from "../../core/merge/cell.ts";
import { fetchRemote } from "../../federation/fetch.ts";
import { type PullPreview, previewPull, type Settlement, settlementOf } from "../../federation/preview.ts";
import { type Incoming, takeIncoming } from "../../federation/pull.ts";
import type { MergeKind } from "../../store/merge.ts";
import { defineOperation } from "../operation.ts";
import { openRemote } from "./open-remote.ts";

const STRATEGIES = ["newest", "ours", "theirs"] as const;

const PullInput = z.strictObject({
  /** Default: `origin`. */
  remote: z.optional(z.string()),
  strategy: z._default(z.enum(STRATEGIES), "newest"),
  dry_run: z.boolean(),
});

/** Where a pull went, and the tips of both branches before it. */
interface PullEnds {
  readonly remote: string;
  readonly branch: string;
  readonly ours: string;
  readonly theirs: string;
}

export type PullResult =
  | { readonly outcome: "empty"; readonly remote: string; readonly branch: string }
  | ({ readonly outcome: "pulled"; readonly kind: MergeKind; readonly head: string } & PullEnds & Incoming)
  | ({ readonly outcome: "preview"; readonly settlement: Settlement } & PullEnds &
      Pick<PullPreview, "kind" | "ahead" | "behind" | "incoming" | "outgoing">);

/** Fetches what the remote has, joins it into our branch, and settles what both sides changed. */
export const pull = defineOperation({
  name: "dolt.pull",
  access: "admin",
  input: PullInput,
  async run(context, input: z.infer<typeof PullInput>): Promise<PullResult> {
    const prefer: Side | undefined = input.strategy === "newest" ? undefined : input.strategy;
    const opened = await openRemote(context, { name: input.remote, task: "pulling from" });
    const { branch, session } = opened;
    const remote = opened.remote.name;
    const { hash } = await fetchRemote(opened.transport, opened.patience);
    if (hash === undefined) return { outcome: "empty", remote, branch };
    const ends = { remote, branch, theirs: hash };
    if (input.dry_run) {
      const preview = await session.read((reader) => previewPull(reader, hash, prefer));
      const { kind, ahead, behind, incoming, outgoing, plan } = preview;
      const settlement = settlementOf(plan);
      return {
        outcome: "preview",
        ...ends,
        ours: preview.ends.ours,
        kind,
        ahead,
        behind,
        incoming,
        outgoing,
        settlement,
      };
    }
    const commit = { message: `bd: merge ${remote}/${branch}`, author: await context.actor() };
    const merged = await session.merge({ commit, theirs: hash }, (merge) => takeIncoming(merge, prefer));
    const { kind, head, ours, value } = merged;
    return { outcome: "pulled", ...ends, ours, kind, head, ...value };
  },
});
