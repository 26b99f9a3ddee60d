import * as z from "zod/mini";
import { requireSetting } from "../../config/settings/decide-setting.ts";
import { realName } from "../../host/read-file.ts";
import { changedIssueIds, historyHas } from "../../store/changes/issue-ids.ts";
import { BranchHome } from "../../sync/branch/branch-home.ts";
import { objectFormatAt } from "../../sync/git-place.ts";
import { readSyncState, type Trouble } from "../../sync/sync-state.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { commitHash, natural, time } from "../wire/formats.ts";
import { gitCaller, openHome } from "./open-home.ts";

export interface SyncStatus {
  /** Whether it goes by itself. */
  readonly enabled: boolean;
  readonly file: string;
  /** Whether a branch of its own has what its remote has not, as far as that was seen last; undefined where it has none. */
  readonly isUnpushed: boolean | undefined;
  /** Whether that branch has a remote. */
  readonly hasRemote: boolean;
  /** What git calls the file as it is; undefined where there is none. */
  readonly fileHash: string | undefined;
  /** The commit of the database that the file showed last. */
  readonly watermark: string | undefined;
  /** The commit of git that was taken in last. */
  readonly gitCommit: string | undefined;
  /** How many issues have changed since; undefined where everything is to be compared. */
  readonly unflushed: number | undefined;
  /** Whether somebody else has changed the file. */
  readonly unimported: boolean;
  readonly busyWith: string | undefined;
  readonly trouble: Trouble | undefined;
}

/** Up to where the file of issues and the tracker know of each other. */
export const syncStatus = defineOperation({
  name: "sync.status",
  access: "read",
  input: NO_INPUT,
  async run(context): Promise<SyncStatus> {
    const { beadsDir, owners } = context.workspace();
    const place = { beadsDir: realName(beadsDir), ...(owners === undefined ? {} : { owners }) };
    const enabled = requireSetting("sync.jsonl", await context.sources());
    const home = await openHome(context, place, { isOnline: false, rules: {} });
    const left = readSyncState(place);
    const file = await home.read(await objectFormatAt(gitCaller(context), place.beadsDir));
    const { isKnown, unflushed } = await context.read(async (reader) => {
      if (left === undefined) return { isKnown: false, unflushed: undefined };
      const [{ head, has }] = await reader.all([historyHas(left.commit)]);
      if (!has || !left.complete || file === undefined) return { isKnown: has, unflushed: undefined };
      const [changed] = head === left.commit ? [new Set()] : await reader.all([changedIssueIds(left.commit, head)]);
      return { isKnown: true, unflushed: changed.size };
    });
    const git = await home.gitPlace();
    const state = isKnown ? left : undefined;
    return {
      enabled,
      file: home.name,
      isUnpushed: home instanceof BranchHome ? home.isUnpushed : undefined,
      hasRemote: home instanceof BranchHome && home.hasRemote,
      fileHash: file?.blob,
      watermark: state?.commit,
      gitCommit: state?.tips[0],
      unflushed,
      unimported: file !== undefined && file.blob !== state?.blob,
      busyWith: git?.busyWith(),
      trouble: left?.trouble,
    };
  },
  wire: {
    of: ({ enabled, file, isUnpushed, fileHash, watermark, gitCommit, unflushed, unimported, busyWith, trouble }) => ({
      enabled,
      file,
      ...(isUnpushed === undefined ? {} : { unpushed: isUnpushed }),
      file_hash: fileHash ?? null,
      watermark: watermark ?? null,
      git_commit: gitCommit ?? null,
      unflushed: unflushed ?? null,
      unimported,
      ...(busyWith === undefined ? {} : { git_busy_with: busyWith }),
      ...(trouble === undefined ? {} : { last_error: trouble }),
    }),
    schema: () =>
      z.looseObject({
        enabled: z.boolean().check(z.describe("Whether it goes by itself.")),
        file: z.string(),
        unpushed: z.optional(
          z
            .boolean()
            .check(z.describe("Whether `sync.branch` has what its remote has not, as far as that was seen last.")),
        ),
        file_hash: z.nullable(z.string()).check(z.describe("What git calls the file as it is.")),
        watermark: z.nullable(commitHash()).check(z.describe("The commit of the database that the file showed last.")),
        git_commit: z.nullable(z.string()).check(z.describe("The commit of git that was taken in last.")),
        unflushed: z
          .nullable(natural())
          .check(z.describe("How many issues have changed since; null where everything is to be compared.")),
        unimported: z.boolean().check(z.describe("Whether somebody else has changed the file.")),
        git_busy_with: z.optional(z.string()),
        last_error: z.optional(z.looseObject({ at: time(), code: z.string(), message: z.string() })),
      }),
  },
});
