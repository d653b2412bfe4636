'use client'

import { type LabelSelector, readLabelSelector } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { useState } from 'react'

/** For what cannot be ticked: a label that is there at all, or one that is another. */
export function LabelSelectorField({ onAdd }: { readonly onAdd: (selector: LabelSelector) => void }) {
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  return (
    <form
      className="mt-2"
      onSubmit={(event) => {
        event.preventDefault()
        const selector = readLabelSelector(text)
        setWrong(selector === undefined)
        if (selector === undefined) return
        onAdd(selector)
        setText('')
      }}
    >
      <Field
        label="Selector"
        tip="As in Kubernetes: rack, !rack, rack=a or rack!=a"
        error={wrong ? 'Write rack, !rack, rack=a or rack!=a.' : undefined}
      >
        {(control) => (
          <span className="flex gap-1.5">
            <Input
              {...control}
              className="h-8"
              autoComplete="off"
              placeholder="rack!=a"
              maxLength={400}
              value={text}
              onChange={({ target }) => {
                setText(target.value)
                setWrong(false)
              }}
            />
            <Button type="submit" size="sm" disabled={text.trim() === ''}>
              Add
            </Button>
          </span>
        )}
      </Field>
    </form>
  )
}
