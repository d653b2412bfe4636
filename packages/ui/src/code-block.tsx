import { CopyButton } from './copy-button.tsx'
import { cn } from './cn.ts'

/** Text to be copied as it is. Long lines wrap or scroll; the copy has neither effect. */
export function CodeBlock({
  code,
  label,
  wrap = false,
}: {
  readonly code: string
  /** What it is: "Command for a POSIX shell". */
  readonly label: string
  readonly wrap?: boolean
}) {
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)_auto] items-start rounded-md border border-line bg-sunken">
      <pre
        tabIndex={0}
        aria-label={label}
        className={cn(
          'max-h-96 overflow-auto rounded-md p-3 font-mono text-xs leading-5',
          wrap && 'whitespace-pre-wrap break-words',
        )}
      >
        <code>{code}</code>
      </pre>
      <div className="p-1.5">
        <CopyButton text={code} label={`Copy: ${label}`} />
      </div>
    </div>
  )
}
