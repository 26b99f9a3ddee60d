import * as z from "zod/mini";
import { redacted } from "../../config/settings/explain-setting.ts";
import { fetchRemote } from "../../federation/fetch.ts";
import { acceptedCode } from "../../federation/incoming/check-incoming.ts";
import type { SettingReport } from "../../federation/incoming/incoming.ts";
import { movesOfOurs } from "../../federation/incoming/moved-issues.ts";
import { type PullPreview, previewPull } from "../../federation/preview.ts";
import { type Incoming, prepareMerge, takeIncoming } from "../../federation/pull.ts";
import { whileWaiting } from "../../federation/remote/reach.ts";
import type { Carrier } from "../../federation/remote/transport.ts";
import type { MergeKind } from "../../store/merge.ts";
import type { BaseContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { withRemote } from "./open-remote.ts";
import { pullSchema } from "./pull-schema.ts";

const STRATEGIES = ["newest", "ours", "theirs"] as const;

const PullInput = z.strictObject({
  /** Default: `origin`. */
  remote: z.optional(z.string()),
  /** Default: `newest`. */
  strategy: z.optional(z.enum(STRATEGIES)),
  /** Code that may come in, by kind and name: `trigger:evil`. */
  accept: z.optional(z.array(z.string())),
  dry_run: z.boolean(),
});

/** Where a pull went, and on which way. */
interface PullPlace {
  readonly remote: string;
  readonly url: string;
  readonly branch: string;
  readonly carrier: Carrier;
}

/** The tips of both branches before the pull. */
interface PullEnds extends PullPlace {
  readonly ours: string;
  readonly theirs: string;
}

export type PullResult =
  | ({ readonly outcome: "empty" } & PullPlace)
  | ({ readonly outcome: "pulled"; readonly kind: MergeKind; readonly head: string } & PullEnds & Incoming)
  | ({ readonly outcome: "preview" } & PullEnds & Omit<PullPreview, "ends">);

/** Fetches what the remote has, joins it into our branch, and settles what both sides changed. */
export const pull = defineOperation({
  name: "dolt.pull",
  access: "exchange",
  input: PullInput,
  async run(context, input: z.infer<typeof PullInput>): Promise<PullResult> {
    const prefer = input.strategy === "newest" ? undefined : input.strategy;
    const accepted = acceptedCode(input.accept);
    const wanted = { name: input.remote, task: "pulling from", isTrial: input.dry_run };
    return withRemote(context, wanted, async (opened): Promise<PullResult> => {
      const { branch, session, retry } = opened;
      const { name, url } = opened.remote;
      const place = { remote: name, url: url.text, branch, carrier: opened.transport.carrier };
      const { hash } = await fetchRemote(opened);
      if (hash === undefined) return { outcome: "empty", ...place };
      const ends = { ...place, theirs: hash };
      if (input.dry_run) {
        const found = await whileWaiting(retry, () => session.read((reader) => previewPull(reader, hash, prefer)));
        const { ends: tips, settings, ...preview } = found;
        return { outcome: "preview", ...ends, ours: tips.ours, ...preview, settings: settings.map(withoutSecrets) };
      }
      const commit = { message: `bd: merge ${name}/${branch}`, author: await context.actor() };
      const merged = await whileWaiting(retry, async () => {
        const prepared = await session.read((reader) => prepareMerge(reader, hash, { prefer, accepted }));
        return session.merge({ commit, theirs: hash }, (merge) => takeIncoming(merge, { prefer, accepted, prepared }));
      });
      const { kind, head, ours, value } = merged;
      await followMoves(context, movesOfOurs(value.settlement.moved));
      const settings = value.settings.map(withoutSecrets);
      return { outcome: "pulled", ...ends, ours, kind, head, ...value, settings };
    });
  },
  wire: { of: payloadOf, schema: pullSchema },
});

/** "The last touched issue" stays the issue, whatever its id became; says so where it is this session's. */
async function followMoves(
  { lastTouched, note }: Pick<BaseContext, "lastTouched" | "note">,
  moves: ReadonlyMap<string, string>,
): Promise<void> {
  if (moves.size === 0) return;
  const before = await lastTouched.read();
  await lastTouched.move(moves);
  const now = before === undefined ? undefined : moves.get(before);
  if (now !== undefined) note(`${before}, which this session touched last, is ${now} now`);
}

function withoutSecrets({ key, from, to }: SettingReport): SettingReport {
  const shown = (value: string | undefined) => (value === undefined ? undefined : redacted(key, value));
  return { key, from: shown(from), to: shown(to) };
}

function payloadOf(result: PullResult): object {
  const { remote, url, branch, carrier } = result;
  if (result.outcome === "empty") return { remote, url, branch, result: "empty", rung: carrier };
  const { kind, ours, theirs, ahead, behind, settlement } = result;
  const common = { remote, url, branch, result: kind, local: ours, remote_hash: theirs, ahead, behind };
  const settled = {
    conflicts: settlement.conflicts,
    renamed: settlement.moved.map(({ id, newId, side, title, holder }) => ({ id, new_id: newId, side, title, holder })),
    beaten: settlement.beaten.map(({ id, title, side, by, commit }) => ({ id, title, side, by, commit })),
    kept_texts: settlement.kept,
    settings: result.settings,
    code: result.brought.code,
    unknown_tables: result.brought.tables,
    rung: carrier,
  };
  return result.outcome === "preview"
    ? { ...common, dry_run: true, incoming: result.incoming, outgoing: result.outgoing, ...settled }
    : { ...common, head: result.head, issues: result.changes, ...settled };
}
