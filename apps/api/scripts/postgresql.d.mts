export function startPostgresql(): Promise<{
  readonly url: (database?: string) => string
  readonly stop: () => Promise<void>
}>
