'use client'

import { Button } from '@berth/ui/button'
import { cn } from '@berth/ui/cn'
import { Dialog, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { Input } from '@berth/ui/input'
import { ListChecks } from 'lucide-react'
import { useState } from 'react'
import { matching, type ModelChoice } from '../plan/model-choice.ts'
import { type ModelSelection, toggledMix, withModel } from './model-selection.ts'

export interface ModelsDialogProps {
  readonly choices: readonly ModelChoice[]
  readonly selection: ModelSelection
  /** Files that it stands for. */
  readonly count: number
  /** Stored models that cannot be rows. */
  readonly folders: number
  readonly onChange: (selection: ModelSelection) => void
}

/** Which models are rows: stored ones, and those of the catalogue in any of their mixes. */
export function ModelsDialog({ choices, selection, count, folders, onChange }: ModelsDialogProps) {
  const [search, setSearch] = useState('')
  const found = matching(choices, search)
  const stored = found.filter(({ kind }) => kind === 'stored')
  const catalogue = found.filter(({ kind }) => kind === 'catalogue')
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button>
          <ListChecks aria-hidden /> Models ({count === 1 ? 'one file' : `${count} files`})
        </Button>
      </DialogTrigger>
      <DialogContent title="Models of the matrix" className="h-[min(44rem,85dvh)]">
        <div className="grid gap-3">
          <Input
            type="search"
            className="sticky top-0.5 z-10"
            aria-label="Search models"
            placeholder="Name, family, architecture"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
          {choices.some(({ kind }) => kind === 'stored') && (
            <section aria-label="Stored models" className="grid gap-1">
              <h3 className="text-xs font-medium text-tertiary">Stored models</h3>
              <Tick
                label="All of them, also those that come later"
                checked={selection.allStored}
                onChange={(allStored) => onChange({ ...selection, allStored })}
              />
              {!selection.allStored && <Choices choices={stored} selection={selection} onChange={onChange} />}
            </section>
          )}
          {catalogue.length > 0 && (
            <section aria-label="Catalogue" className="grid gap-1">
              <h3 className="text-xs font-medium text-tertiary">Catalogue</h3>
              <Choices choices={catalogue} selection={selection} onChange={onChange} />
            </section>
          )}
          {folders > 0 && (
            <p className="text-xs text-secondary">
              {folders === 1 ? 'One folder' : `${folders} folders`} of ExLlama cannot be chosen: the matrix is of GGUF
              files. The planner takes them, one at a time.
            </p>
          )}
          {found.length === 0 && <p className="py-6 text-center text-secondary">Nothing matches “{search}”.</p>}
        </div>
      </DialogContent>
    </Dialog>
  )
}

function Choices({ choices, selection, onChange }: Pick<ModelsDialogProps, 'choices' | 'selection' | 'onChange'>) {
  return (
    <ul>
      {choices.map((choice) => {
        const chosen = selection.models.find(({ id }) => id === choice.id)
        return (
          <li key={choice.id}>
            <Tick
              label={choice.name}
              detail={choice.detail}
              checked={chosen !== undefined}
              onChange={(checked) => onChange(withModel(selection, choice, checked))}
            />
            {chosen && choice.mixes.length > 0 && (
              <fieldset className="mb-2 ml-6 flex flex-wrap gap-1">
                <legend className="sr-only">Mixes of {choice.name}</legend>
                {choice.mixes.map((mix) => (
                  <Mix
                    key={mix}
                    mix={mix}
                    pressed={chosen.mixes.includes(mix)}
                    onToggle={() => onChange(toggledMix(selection, choice, mix))}
                  />
                ))}
              </fieldset>
            )}
          </li>
        )
      })}
    </ul>
  )
}

const Mix = ({
  mix,
  pressed,
  onToggle,
}: {
  readonly mix: string
  readonly pressed: boolean
  readonly onToggle: () => void
}) => (
  <button
    type="button"
    aria-pressed={pressed}
    onClick={onToggle}
    className={cn(
      'rounded px-1.5 text-xs leading-5 ring-1 ring-inset',
      pressed ? 'bg-accent-soft font-medium text-accent ring-accent' : 'text-secondary ring-line hover:bg-hover',
    )}
  >
    {mix}
  </button>
)

function Tick({
  label,
  detail,
  checked,
  onChange,
}: {
  readonly label: string
  readonly detail?: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}) {
  return (
    <label className="-mx-2 flex cursor-pointer items-baseline gap-2.5 rounded-md px-2 py-1 text-sm hover:bg-hover">
      <input
        type="checkbox"
        className="size-3.5 shrink-0 translate-y-px accent-(--accent)"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span className="min-w-0">
        <span className="block break-words">{label}</span>
        {detail && <span className="block text-xs text-secondary">{detail}</span>}
      </span>
    </label>
  )
}
