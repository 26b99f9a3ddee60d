import { findOperation } from "../ops/index.ts";
import type { Flags, Handler } from "./command.ts";

/** Why a line is for the process in which it was typed, and for no daemon; undefined where any will do. */
export function needsOwnProcess({ operation, ownProcess }: Handler, flags: Flags): string | undefined {
  const access = findOperation(operation)?.access;
  if (access === "machine") return "it works on this machine's servers, processes and files";
  if (access === "exchange") return "it may need the password of a remote";
  return ownProcess?.(flags);
}
