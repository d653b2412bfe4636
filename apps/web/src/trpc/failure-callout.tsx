import { Callout } from '@berth/ui/callout'
import { failureOf } from './failure.ts'

/** An error of the API in the page: its sentence and the fields at fault. */
export function FailureCallout({ title, error }: { readonly title: string; readonly error: unknown }) {
  const { message, fields } = failureOf(error)
  return (
    <Callout tone="error" title={title}>
      <p className="whitespace-pre-line">{message}</p>
      {fields.length > 0 && (
        <ul className="list-disc pl-4">
          {fields.map((field) => (
            <li key={field}>{field}</li>
          ))}
        </ul>
      )}
    </Callout>
  )
}
