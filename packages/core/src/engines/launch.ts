/** What starts the engine: data first, written for a shell last (`shell.ts`). */
export interface Launch {
  readonly environment: readonly { readonly name: string; readonly value: string }[]
  readonly program: string
  readonly arguments: readonly string[]
}
