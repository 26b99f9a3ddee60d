import type { listComments } from "../../../ops/comment/list.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { LOCAL_TIME_FLAG } from "../../input/local-time-flag.ts";
import { indentedText } from "../../present/issue-details.ts";
import { shortCommentId } from "../../present/text/short-comment-id.ts";
import { shownMinute } from "../../present/text/shown-time.ts";

export const commentsCommand: CommandDefinition = {
  configure(command) {
    command.argument("<id>", "issue, or a part of its id");
  },
  examples: [["bd comments bd-a1b2", "what was said about an issue, oldest first"]],
  ignored: [LOCAL_TIME_FLAG],
  handlers: [
    handler<typeof listComments>({
      operation: "comment.list",
      input: ({ args }) => ({ id: args[0] }),
      present({ id, comments }, view) {
        if (comments.length === 0) return view.line(`No comments on ${id}`);
        view.line();
        view.line(`Comments on ${id}:`);
        for (const { id: comment, author, created_at, text } of comments) {
          view.line();
          const name = view.style("dim", shortCommentId(comment));
          view.line(`[${author}] at ${shownMinute(created_at, view.zone)}  ${name}`);
          indentedText(text, "  ", view).forEach((line) => view.line(line));
        }
      },
    }),
  ],
};
