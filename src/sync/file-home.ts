import { GitPlace } from "./git-place.ts";
import type { GitCaller } from "./run-git.ts";
import {
  type FilePlace,
  type ObjectFormat,
  readSyncFile,
  type SyncFile,
  stampOf,
  syncPath,
  writeSyncFile,
} from "./sync-file.ts";

/** Where the file of issues lives: in the work tree, or on a branch that nobody checks out. */
export interface FileHome {
  /** For people. */
  readonly name: string;
  /** Throws as it is read there. */
  read(format: ObjectFormat): Promise<SyncFile | undefined>;
  /** Replaces what was read; false where somebody else has replaced it since. */
  write(text: string, stamp: string | undefined): Promise<boolean>;
  /** See `SyncFile`; undefined where there is none. */
  stamp(): string | undefined;
  /** What git knows of what was read. */
  gitPlace(): Promise<GitPlace | undefined>;
  /** Has others see what was written; false where they have written meanwhile. */
  share(): Promise<boolean>;
}

/** The file in the work tree, which people commit. */
export function workTreeHome(caller: GitCaller, place: FilePlace): FileHome {
  const { beadsDir } = place;
  return {
    name: syncPath(beadsDir),
    read: (format) => readSyncFile(place, format),
    write: (text, stamp) => Promise.resolve(writeSyncFile(beadsDir, text, stamp)),
    stamp: () => stampOf(beadsDir),
    gitPlace: () => GitPlace.at(caller, beadsDir),
    share: () => Promise.resolve(true),
  };
}
