import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'

/** The API takes no longer message. */
const MAX_MESSAGE = 500

/** Why something is changed: for the history, and never needed. */
export function MessageField({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (message: string) => void
}) {
  return (
    <Field label="Message for the history" hint="Why; may be left empty.">
      {(control) => (
        <Input
          {...control}
          maxLength={MAX_MESSAGE}
          autoComplete="off"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

/** As the API takes it: nothing where nothing was typed. */
export const messageInput = (typed: string): { readonly message?: string } =>
  typed.trim() === '' ? {} : { message: typed.trim() }
