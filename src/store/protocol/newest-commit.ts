import type { Link } from "../connection/link.ts";
import { combine } from "../query.ts";
import { ROLLBACK } from "../statements.ts";
import { headCommit } from "./dolt-commit.ts";
import { repeating } from "./repeating.ts";

/** Looks at the newest commit, in a transaction that ends with the look: one that stays open sees nothing new. */
export async function newestCommit(link: Link): Promise<string> {
  const look = combine([ROLLBACK, headCommit, ROLLBACK], (_before, head) => head);
  return repeating(link, async () => look.decode(await link.open(look.statements)));
}
