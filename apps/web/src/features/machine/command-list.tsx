import { CodeBlock } from '@berth/ui/code-block'
import { inventoryCommands } from './commands.ts'

/** What to run on a machine; any that shows its GPUs is enough, several in one paste complete each other. */
export function CommandList() {
  return (
    <ol className="grid gap-3 text-left">
      {inventoryCommands.map(({ id, label, note, command }) => (
        <li key={id} className="grid min-w-0 gap-1">
          <p className="text-xs">
            <span className="font-medium text-ink">{label}</span> <span className="text-secondary">{note}</span>
          </p>
          <CodeBlock code={command} label={`Command: ${label}`} />
        </li>
      ))}
    </ol>
  )
}
