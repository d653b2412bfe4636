'use client'

import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { NameField } from '../shell/name-field.tsx'
import { DryRun } from './dry-run.tsx'
import type { Reserving } from './use-reserve.ts'
import { WindowFields } from './window-fields.tsx'

/** The fields that every reservation has, what they come to, and the button that makes it. */
export function ReserveFields({
  reserving,
  suggestion,
  now,
  missing,
}: {
  readonly reserving: Reserving
  readonly suggestion: string
  readonly now: number
  /** What has to be said before a dry run can be made; undefined when all is. */
  readonly missing?: string | undefined
}) {
  const { fields, read, dryRun, stale, error, pending, refusal } = reserving
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <NameField
          label="Owner"
          hint="The person or group it is for."
          value={fields.owner}
          onChange={reserving.setOwner}
        />
        <Field label="Purpose" hint="Others who want these bytes read this.">
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              autoComplete="off"
              placeholder={suggestion}
              value={fields.purpose}
              onChange={({ target }) => reserving.setPurpose(target.value)}
            />
          )}
        </Field>
      </div>
      <WindowFields value={fields.window} read={read} now={now} onChange={reserving.setWindow} />
      {stale && (
        <Callout tone="warning" title="The inventory moved since; look again.">
          <p>Nothing was reserved. Below is how it stands now.</p>
        </Callout>
      )}
      {error && !stale && <FailureCallout title="It was not reserved." error={error} />}
      {missing === undefined ? (
        read.ok && <DryRun {...dryRun} onFitsFrom={reserving.beginAt} />
      ) : (
        <p className="text-sm text-secondary">{missing}</p>
      )}
      <Button
        type="submit"
        variant="primary"
        className="justify-self-start"
        disabled={pending}
        disabledReason={refusal}
      >
        {pending ? 'Reserving' : 'Reserve'}
      </Button>
    </>
  )
}
