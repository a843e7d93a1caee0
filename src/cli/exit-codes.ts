/** Exit codes, the same for every command. */
export const exitCodes = {
  ok: 0,
  belowThreshold: 1,
  usage: 2,
  /** The target, or a part of it, could not be read; or Node is too old. */
  unreadable: 3,
  interrupted: 130,
} as const;
