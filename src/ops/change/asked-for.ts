export interface Asked {
  readonly issues?: readonly string[] | undefined;
  readonly filter: {
    readonly types?: readonly string[] | undefined;
    readonly labels?: readonly string[] | undefined;
    readonly assignee?: string | undefined;
  };
  readonly until?: string | undefined;
  readonly once: boolean;
}

/** What a watch was asked for, as flags: whoever goes on waits for the same. */
export function askedFor({ issues = [], filter, until, once }: Asked): string[] {
  const { types = [], labels = [], assignee } = filter;
  return [
    ...issues.map((id) => `--issue=${id}`),
    ...(types.length === 0 ? [] : [`--type=${types.join(",")}`]),
    ...(labels.length === 0 ? [] : [`--label=${labels.join(",")}`]),
    ...(assignee === undefined ? [] : [`--assignee=${assignee}`]),
    ...(until === undefined ? [] : [`--until=${until}`]),
    ...(once ? ["--once"] : []),
  ];
}
