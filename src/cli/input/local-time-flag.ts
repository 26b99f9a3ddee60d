/** Of the peer, whose times are UTC without it. */
export const LOCAL_TIME_FLAG = ["--local-time", "times are on your clock anyway (TZ=UTC for others)"] as const;
