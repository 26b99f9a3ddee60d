import type { FileHome } from "../../sync/file-home.ts";
import { blobOf, type ObjectFormat, type SyncFile } from "../../sync/sync-file.ts";
import type { SyncState } from "../../sync/sync-state.ts";
import type { TakeInResult } from "./take-in-file.ts";
import type { Written } from "./text-to-write.ts";

/** What a synchronisation knew when it began, and what it took in. */
export interface Known {
  readonly home: FileHome;
  readonly format: ObjectFormat;
  readonly state: SyncState | undefined;
  readonly file: SyncFile | undefined;
  readonly taken: Extract<TakeInResult, { kind: "taken" }> | undefined;
}

/** The file has been taken in, and says less than the tracker. */
export function stateTaken({ state, file, taken }: Known, head: string): SyncState | undefined {
  if (file === undefined || taken === undefined) return state;
  return {
    stamp: file.stamp,
    blob: file.blob,
    commit: head,
    complete: false,
    seen: [file.blob, ...(state?.seen ?? [])],
    tips: taken.origin.tips,
    own: ownSince(state, taken.origin.tips),
  };
}

/** The file says all that the tracker does. */
export function stateWritten(
  { home, format, state, file, taken }: Known,
  { commit, text }: Written,
): SyncState | undefined {
  const stamp = home.stamp();
  if (stamp === undefined) return state;
  const blob = blobOf(text, format);
  const isSame =
    state !== undefined &&
    taken === undefined &&
    [state.stamp, state.blob, state.commit].join() === [stamp, blob, commit].join();
  if (isSame && state.complete && state.trouble === undefined) return state;
  const seen = [blob, ...(taken === undefined || file === undefined ? [] : [file.blob]), ...(state?.seen ?? [])];
  const tips = taken?.origin.tips ?? state?.tips ?? [];
  // What was taken in as it is stays somebody else's.
  const written = blob === file?.blob ? [] : [blob];
  const before = ownSince(state, tips);
  const own = before && [...written, ...before];
  return { stamp, blob, commit, complete: true, seen, tips, own };
}

function ownSince(state: SyncState | undefined, [tip]: readonly string[]): readonly string[] | undefined {
  return state !== undefined && state.tips[0] === tip ? state.own : [];
}
