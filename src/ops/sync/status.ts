import * as z from "zod/mini";
import { requireSetting } from "../../config/settings/decide-setting.ts";
import { realName } from "../../host/read-file.ts";
import { changedIssueIds, historyHas } from "../../store/changes/issue-ids.ts";
import { GitPlace, objectFormatAt } from "../../sync/git-place.ts";
import { readSyncFile, syncPath } from "../../sync/sync-file.ts";
import { readSyncState, type Trouble } from "../../sync/sync-state.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { commitHash, natural, time } from "../wire/formats.ts";

export interface SyncStatus {
  /** Whether it goes by itself. */
  readonly enabled: boolean;
  readonly file: string;
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
    const caller = { env: context.machine.env, signal: context.signal };
    const left = readSyncState(place);
    const file = await readSyncFile(place, await objectFormatAt(caller, place.beadsDir));
    const { isKnown, unflushed } = await context.read(async (reader) => {
      if (left === undefined) return { isKnown: false, unflushed: undefined };
      const [{ head, has }] = await reader.all([historyHas(left.commit)]);
      if (!has || !left.complete || file === undefined) return { isKnown: has, unflushed: undefined };
      const [changed] = head === left.commit ? [new Set()] : await reader.all([changedIssueIds(left.commit, head)]);
      return { isKnown: true, unflushed: changed.size };
    });
    const git = await GitPlace.at(caller, place.beadsDir);
    const state = isKnown ? left : undefined;
    return {
      enabled,
      file: syncPath(beadsDir),
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
    of: ({ enabled, file, fileHash, watermark, gitCommit, unflushed, unimported, busyWith, trouble }) => ({
      enabled,
      file,
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
