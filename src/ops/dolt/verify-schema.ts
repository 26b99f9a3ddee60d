import * as z from "zod/mini";
import type { FindingKind } from "../../core/verify/finding.ts";
import { commitHash, oneOf, time } from "../wire/formats.ts";

export function verifySchema() {
  return z.array(
    z.looseObject({
      kind: oneOf<FindingKind>({
        mixed: true,
        doubled: true,
        dangling: true,
        parents: true,
        leftover: true,
        id: true,
        code: true,
        uncommitted: true,
        merge: true,
        violation: true,
      }),
      items: z.array(z.string()),
      message: z.string(),
      known: z.array(pastIssue()),
      next: z.string(),
    }),
  );
}

function pastIssue() {
  return z.looseObject({
    id: z.string(),
    title: z.string(),
    created_by: z.string(),
    created_at: time(),
    commit: commitHash(),
  });
}
