import manifest from '../package.json' with { type: 'json' }

/** All of Berth carries one version: the one that judged a plan is the one that serves it. */
export const VERSION: string = manifest.version
