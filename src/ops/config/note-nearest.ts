import { nearestSetting } from "../../config/settings/edit-setting.ts";
import { command } from "../../errors.ts";
import type { ReadContext } from "../context.ts";

/** "Not set" is true of a mistyped key, too, and reads as if it were one. */
export async function noteNearest(context: ReadContext, key: string): Promise<void> {
  const near = await nearestSetting(key);
  if (near === undefined) return;
  context.note(`there is no setting "${key}"; did you mean "${near}"? (${command`bd config explain ${near}`})`);
}
