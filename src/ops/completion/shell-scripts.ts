/*
 * Each script gives the words up to the cursor to `bd __complete`, which answers with lines of a word, a tab and what it is;
 * a line `./` asks for names of files. What the answer says never becomes part of a command: it is read into variables, and
 * no script here has `eval`. Libraries for this (tabtab, @bomb.sh/tab) evaluate the line that was typed, or want the whole
 * grammar loaded; bd loads that of one command.
 */

const BASH = `# bd completion for bash: source <(bd completion bash)
_bd_complete() {
  local word meaning
  local -a words=() shown=()
  COMPREPLY=()
  while IFS=$'\\t' read -r word meaning; do
    if [[ $word == ./ ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    words+=("$word")
    shown+=("$word  ($meaning)")
  done < <(bd __complete bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # What they are is shown where bash lists them, and never typed.
  if [[ \${#words[@]} -gt 1 && $COMP_TYPE == 63 ]]; then
    COMPREPLY=("\${shown[@]}")
  else
    COMPREPLY=("\${words[@]}")
  fi
}
complete -o nosort -F _bd_complete bd 2>/dev/null || complete -F _bd_complete bd
`;

const ZSH = `#compdef bd
# bd completion for zsh: source <(bd completion zsh), after compinit
_bd() {
  local word meaning
  local -a typed found shown
  typed=("\${(@Q)words[2,CURRENT]}")
  while IFS=$'\\t' read -r word meaning; do
    if [[ $word == ./ ]]; then
      _files
      return
    fi
    found+=("$word")
    shown+=("$word  -- $meaning")
  done < <(bd __complete zsh "\${typed[@]}" 2>/dev/null)
  (( \${#found} )) && compadd -l -V bd -d shown -a found
}
if [[ $funcstack[1] == _bd ]]; then
  _bd "$@"
else
  compdef _bd bd
fi
`;

const FISH = `# bd completion for fish: bd completion fish | source
function __bd_complete
    set -l typed (commandline -opc) (commandline -ct)
    for line in (bd __complete fish $typed[2..] 2>/dev/null)
        if test "$line" = ./
            __fish_complete_path (commandline -ct)
        else
            printf '%s\\n' $line
        end
    end
end
complete -c bd -f -k -a '(__bd_complete)'
`;

export const SHELL_SCRIPTS: Readonly<Record<"bash" | "zsh" | "fish", string>> = { bash: BASH, zsh: ZSH, fish: FISH };
