/** So many answers come at a time: progress shows, and a cancelled question ends soon. */
export const MACHINES_AT_ONCE = 8
/** Each is planned with twice, and its context solved for. */
export const FILES_AT_ONCE = 10
