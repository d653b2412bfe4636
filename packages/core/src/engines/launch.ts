export interface Command {
  readonly program: string
  readonly arguments: readonly string[]
}

export const launchLanguages = ['modelfile', 'json', 'yaml', 'csharp', 'xml', 'ini'] as const

/** needed: to be there before the engine starts. instead: says what the arguments say. request: of a call to its API. */
export const launchFileUses = ['needed', 'instead', 'request'] as const

/** A text that belongs to a launch. */
export interface LaunchFile {
  readonly name: string
  readonly language: (typeof launchLanguages)[number]
  readonly content: string
  readonly use: (typeof launchFileUses)[number]
}

/** What starts the engine: data first, written for a shell last (`shell.ts`). */
export interface Launch extends Command {
  readonly environment: readonly { readonly name: string; readonly value: string }[]
  readonly files: readonly LaunchFile[]
  /** Run once the engine answers, in this order. */
  readonly afterwards: readonly Command[]
}
