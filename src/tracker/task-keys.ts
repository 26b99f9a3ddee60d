/** The names under which things stand in the store: those of tasks are the ones that the application has used before. */
export interface TaskKeys {
  readonly task: (id: string) => string;
  /** A sorted set of ids by time of creation: of all tasks, or of a project's. */
  readonly index: (project?: string) => string;
  readonly seq: string;
  /** The stream of changes. */
  readonly log: string;
  /** A hash: the version of each task that the stream knows of. */
  readonly known: string;
  /** A hash: how far a group of mirrors is. */
  readonly mirror: (group: string) => string;
}

export function taskKeys(prefix: string): TaskKeys {
  return {
    task: (id) => `${prefix}task:${id}`,
    // A project may have any name.
    index: (project) => (project === undefined ? `${prefix}index` : `${prefix}index:${project}`),
    seq: `${prefix}seq`,
    log: `${prefix}log`,
    known: `${prefix}known`,
    mirror: (group) => `${prefix}mirror:${group}`,
  };
}

const ID = /^[\w.-]{1,200}$/;

/** What may be part of a key, and of a URL. */
export function isTaskId(text: string): boolean {
  return ID.test(text);
}
