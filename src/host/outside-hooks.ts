/**
 * A hook is told of the repository that it runs in, and of the index of the commit that is being made. Whoever asks git
 * about another folder, or stays longer than the hook, takes that out of git's environment.
 */
export const OUTSIDE_HOOKS: Readonly<Record<string, undefined>> = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_PREFIX: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_COMMON_DIR: undefined,
};
