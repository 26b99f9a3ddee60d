import * as z from "zod/mini";
import { resolveFederation } from "../../config/settings/settings.ts";
import { BdError, command } from "../../errors.ts";
import { executePush, joinSameTables, type Lost, type PushPlan, planPush } from "../../federation/push.ts";
import type { Carrier, Witness } from "../../federation/remote/transport.ts";
import type { ExchangeContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { commitHash, natural, oneOf } from "../wire/formats.ts";
import { rung } from "./carrier-schema.ts";
import { withRemote } from "./open-remote.ts";

const PushInput = z.strictObject({
  remote: z.optional(z.string()),
  /** Throw away what only the remote has, after showing it. */
  force: z.boolean(),
  dry_run: z.boolean(),
  /** The answer to the question that `force` asks. */
  yes: z.boolean(),
});

export interface PushResult {
  readonly remote: string;
  readonly url: string;
  /** Our newest commit. */
  readonly local: string;
  /** The remote's newest commit: fetched back after the push, or as it is before a dry run. */
  readonly remoteHash: string | undefined;
  readonly commits: number;
  readonly issues: number;
  /** What the remote had and has no more, or would lose by a dry run that is forced. */
  readonly lost: Lost | undefined;
  /** Whether a fetch has shown that our commits are there; false for a dry run. */
  readonly verified: boolean;
  /** By whose eyes. */
  readonly verifiedBy: Witness | undefined;
  readonly carrier: Carrier;
}

/** Gives our commits to a remote, and looks whether they have arrived. */
export const pushRemote = defineOperation({
  name: "dolt.push",
  access: "exchange",
  input: PushInput,
  async run(context, input: z.infer<typeof PushInput>): Promise<PushResult> {
    checkMayPush(resolveFederation(await context.sources()).sovereignty);
    const wanted = { name: input.remote, task: "pushing to", isTrial: input.dry_run, isPush: true };
    return withRemote(context, wanted, async (opened) => {
      const { session, transport, retry, head } = opened;
      const first = { session, transport, retry, local: head };
      const looked = await planPush(first);
      const message = `bd: join ${opened.remote.name}/${opened.branch}`;
      const joins = !input.dry_run && !input.force;
      const commit = { message, author: await context.actor() };
      const local = (joins ? await joinSameTables(session, looked, commit) : undefined) ?? head;
      const options = { ...first, local };
      const plan = local === head ? looked : await planPush(options);
      const place = { remote: opened.remote.name, url: opened.remote.url.text, local, carrier: transport.carrier };
      if (input.dry_run)
        return { ...place, ...countsOf(plan), remoteHash: plan.remote, verified: false, verifiedBy: undefined };
      if (input.force && plan.lost !== undefined) await askBeforeForcing(context, plan, { ...place, yes: input.yes });
      const pushed = await executePush(options, plan, { force: input.force });
      return {
        ...place,
        ...countsOf(pushed.plan),
        remoteHash: pushed.there,
        verified: true,
        verifiedBy: transport.witness,
      };
    });
  },
  wire: {
    of: ({ remote, url, local, remoteHash, commits, issues, lost, verified, verifiedBy, carrier }) => ({
      remote,
      url,
      local,
      remote_hash: remoteHash,
      commits,
      issues,
      lost_commits: lost?.commits,
      verified,
      verified_by: verifiedBy,
      rung: carrier,
    }),
    schema: () =>
      z.looseObject({
        remote: z.string(),
        url: z.string(),
        local: commitHash(),
        remote_hash: z.optional(commitHash()),
        commits: natural(),
        issues: natural(),
        lost_commits: z.optional(natural()),
        verified: z.boolean(),
        verified_by: z.optional(oneOf<Witness>({ remote: true, process: true, folder: true, server: true })),
        rung: rung(),
      }),
  },
});

function countsOf({ commits, issues, lost }: PushPlan): Pick<PushResult, "commits" | "issues" | "lost"> {
  return { commits, issues, lost };
}

function checkMayPush(sovereignty: string): void {
  if (sovereignty === "T1") return;
  throw new BdError(
    "rejected",
    "SOVEREIGNTY",
    `the project's sovereignty is ${sovereignty}: its data may not leave this server; only T1 may be pushed`,
    { hint: command`bd config explain federation.sovereignty`, details: { sovereignty } },
  );
}

/** Shows what would be thrown away. Throws BdError rejected NOT_CONFIRMED. */
async function askBeforeForcing(
  context: ExchangeContext,
  { lost }: PushPlan,
  { remote, url, yes }: { readonly remote: string; readonly url: string; readonly yes: boolean },
): Promise<void> {
  if (lost === undefined) return;
  const { commits, issues, newest, isRelated } = lost;
  context.note(
    `remote '${remote}' (${url}) has ${counted(commits, "commit")} that only it has${isRelated ? "" : ", a history of its own"}:`,
  );
  for (const { hash, date, author, message } of newest)
    context.note(`  ${hash.slice(0, 8)} ${date} ${author}: ${message}`);
  if (commits > newest.length) context.note(`  … and ${commits - newest.length} more`);
  context.note(`${counted(issues, "issue")} would be lost there, or become what they are here`);
  if (yes) return;
  const answer = await context.confirm(`Throw ${counted(commits, "commit")} of '${remote}' away?`);
  if (answer === true) return;
  const why = answer === false ? "the answer was no" : "nobody is there to ask; --yes would be the answer";
  throw new BdError("rejected", "NOT_CONFIRMED", `nothing was pushed: ${why}`, { hint: command`bd dolt pull` });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
