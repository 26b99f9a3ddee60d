import type { completionScript } from "../../../ops/completion/script.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const completionCommand: CommandDefinition = {
  configure(command) {
    command.addArgument(command.createArgument("<shell>", "whose script").choices(["bash", "zsh", "fish"]));
  },
  examples: [
    ["bd completion bash > ~/.local/share/bash-completion/completions/bd", "for every bash from now on"],
    ["bd completion zsh > ~/.zfunc/_bd", "for zsh, where ~/.zfunc is in fpath before compinit"],
    ["bd completion fish > ~/.config/fish/completions/bd.fish", "for fish"],
  ],
  handlers: [
    handler<typeof completionScript>({
      operation: "completion.script",
      input: ({ args: [shell] }) => ({ shell }),
      present({ text }, view) {
        for (const line of text.trimEnd().split("\n")) view.line(line);
      },
    }),
  ],
};
