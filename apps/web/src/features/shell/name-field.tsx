import { Field, type FieldProps } from '@berth/ui/field'
import { Input } from '@berth/ui/input'

export interface NameFieldProps extends Omit<FieldProps, 'label' | 'children'> {
  readonly label?: string
  readonly placeholder?: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** What something is to be called; the API takes no longer name. */
export const NameField = ({ label = 'Name', placeholder, value, onChange, ...field }: NameFieldProps) => (
  <Field label={label} {...field}>
    {(control) => (
      <Input
        {...control}
        required
        maxLength={200}
        autoComplete="off"
        placeholder={placeholder}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
)
