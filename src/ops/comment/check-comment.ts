import { checkText } from "../../core/text-limits.ts";
import { BdError, command } from "../../errors.ts";

/** Throws BdError usage NO_COMMENT_TEXT, and for a text that is too long. */
export function checkComment(text: string): void {
  if (text.trim() === "") {
    throw new BdError(
      "usage",
      "NO_COMMENT_TEXT",
      "no comment text provided (use positional args, --stdin, or --file)",
      {
        hint: command`bd comment --help`,
      },
    );
  }
  checkText("text", text);
}
