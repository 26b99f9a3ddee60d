/*
 * What an agent has to know of bd, in the order of its work. `bd prime` prints it, and docs/agents.md has it to paste: a test
 * compares the two, and parses every command in it.
 */

const WORK = `# Issues are kept in bd

This project keeps its issues in \`bd\`, not in Markdown lists. \`bd\` knows what waits for what, and who works on what.

## Every session

\`\`\`sh
export BD_SESSION=a-name-of-your-own  # your claims belong to it
bd ready --claim                      # gives you what you hold, else the most urgent issue, and says which
bd show <id>                          # everything about it: description, dependencies, comments
bd note <id> "what the next one has to know"
bd close <id> -r "what was done"
bd ready                              # what can be worked on now
\`\`\`

- To take a certain issue: \`bd update <id> --claim\`. Exit code 6: somebody else has it. Take another one.
- To give one back: \`bd update <id> --release\`. To set one aside: \`bd defer <id> --until tomorrow\`.
- What you find on the way becomes an issue, now, not later:

\`\`\`sh
bd create "Login fails without a cookie" -t bug -p 1 --deps discovered-from:<id> -d "how to see it"
bd create "Write the migration" --parent <epic>    # belongs to an epic
bd dep add <id> <blocker>                          # <id> waits for <blocker>
bd search "cookie"                                 # is it there already?
\`\`\`

Types: bug, feature, task, epic, chore. Priorities: 0 (drop everything) to 4 (some day), 2 where none is given.
`;

const PROGRAMS = `
## For programs

- \`--json\` with every command: the answer, or \`{"code", "error", "hint"}\`, on standard output.
- Exit codes: 0 done; 1 refused by a rule, or some of several failed; 2 bad usage; 3 not found; 4 settings; 5 no server;
  6 claimed by another, or the remote is ahead.
- A hint is the next command to try. \`bd <command> --help\` has all flags, and examples that run.
- Long texts come from standard input: \`-d -\`, \`bd note <id> --stdin\`.
`;

const NOT = `
## What not to do

- Don't open an editor, which waits for a person: change fields with \`bd update\`.
- Don't touch the files in \`.beads\`, and don't write to the database but by \`bd\`.
- Don't work on what you have not claimed, and don't close what is not done: open children and blockers are refused.
- Don't force (\`--force\`) what a rule refuses, unless a person has told you to.
`;

const SHARING = `
## At the end of a session

\`\`\`sh
bd list -s in_progress --assignee <you>  # nothing of yours may be left here by mistake
bd dolt pull                             # where the project has a remote: take what the others did,
bd dolt push                             # and give what you did
\`\`\`

Every change is in the database when \`bd\` ends with 0; there is nothing to save, and nothing of it to commit with git.
`;

const MORE = `
## More commands

\`\`\`sh
bd list --label auth --priority 0,1        # lists; bd list --help has all filters
bd blocked                                 # what waits, and for what
bd dep tree <id>                           # all that an issue depends on
bd children <epic>                         # what belongs to it
bd epic close-eligible                     # closes epics whose children are all done
bd duplicate <id> --of <other>             # closes it in favour of the other
bd supersede <id> --with <other>
bd comment <id> "said to others"           # a note is for the work, a comment for people
bd label add <id> needs-review
bd close <id> --suggest-next               # and says what became free
bd close <id> --claim-next                 # and takes the next one
bd stale -s in_progress                    # what somebody has started and left
bd stats
\`\`\`
`;

const BRIEF = `# Issues are kept in bd

\`bd ready --claim\` gives you work, \`bd show <id>\` tells about it, \`bd create "…" --deps discovered-from:<id>\` keeps what
you find, \`bd close <id> -r "…"\` ends it. \`--json\` for programs. \`bd prime --full\` says more.
`;

export interface PrimeForm {
  /** A reminder of a few lines. */
  readonly brief: boolean;
  /** With commands that are needed less often. */
  readonly full: boolean;
  /** Without what is shared with others. */
  readonly stealth: boolean;
}

/** The text for agents, in Markdown. */
export function primeText({ brief, full, stealth }: PrimeForm): string {
  if (brief) return BRIEF;
  return [WORK, PROGRAMS, NOT, ...(stealth ? [] : [SHARING]), ...(full ? [MORE] : [])].join("");
}
