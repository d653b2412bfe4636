export function openSchemaEngine(url: string): Promise<{
  readonly pending: () => Promise<{ readonly inStep: boolean; readonly sql: string }>
  readonly diagnose: () => Promise<{
    readonly editedMigrationNames: readonly string[]
    readonly failedMigrationNames: readonly string[]
    readonly hasMigrationsTable: boolean
    readonly history: unknown
  }>
  readonly apply: () => Promise<{ readonly appliedMigrationNames: readonly string[] }>
  readonly close: () => Promise<void>
}>
