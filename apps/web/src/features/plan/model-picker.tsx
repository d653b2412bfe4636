'use client'

import { Button } from '@berth/ui/button'
import { cn } from '@berth/ui/cn'
import { Dialog, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { Input } from '@berth/ui/input'
import { ChevronsUpDown } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { paths } from '../../paths.ts'
import { matching, type ModelChoice } from './model-choice.ts'

/** Opens a searchable list of the stored models and the catalogue. */
export function ModelPicker({
  choices,
  chosen,
  onChoose,
}: {
  readonly choices: readonly ModelChoice[]
  readonly chosen: ModelChoice | undefined
  readonly onChoose: (choice: ModelChoice) => void
}) {
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const found = matching(choices, search)
  const choose = (choice: ModelChoice) => {
    onChoose(choice)
    setOpen(false)
    setSearch('')
  }
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button className="h-auto min-h-9 w-full justify-between gap-3 whitespace-normal py-1.5 text-left">
          <span className="min-w-0">
            <span className="block break-words">{chosen?.name ?? 'Choose a model'}</span>
            {chosen && <span className="block text-xs font-normal text-secondary">{chosen.detail}</span>}
          </span>
          <ChevronsUpDown aria-hidden className="text-tertiary" />
        </Button>
      </DialogTrigger>
      <DialogContent title="Choose a model" className="h-[min(40rem,85dvh)]">
        <div className="grid gap-3">
          <Input
            type="search"
            autoFocus
            className="sticky top-0.5 z-10"
            aria-label="Search models"
            placeholder="Name, family, architecture"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <ChoiceGroup
            title="Stored models"
            choices={found.filter(({ kind }) => kind === 'stored')}
            chosen={chosen}
            onChoose={choose}
          />
          <ChoiceGroup
            title="Catalogue"
            choices={found.filter(({ kind }) => kind === 'catalogue')}
            chosen={chosen}
            onChoose={choose}
          />
          {found.length === 0 && (
            <p className="py-6 text-center text-secondary">
              Nothing matches “{search}”.{' '}
              <Link href={paths.modelsImport()} className="text-accent underline">
                Import a model
              </Link>
            </p>
          )}
        </div>
      </DialogContent>
    </Dialog>
  )
}

function ChoiceGroup({
  title,
  choices,
  chosen,
  onChoose,
}: {
  readonly title: string
  readonly choices: readonly ModelChoice[]
  readonly chosen: ModelChoice | undefined
  readonly onChoose: (choice: ModelChoice) => void
}) {
  if (choices.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-xs font-medium text-tertiary">{title}</h3>
      <ul className="-mx-2">
        {choices.map((choice) => {
          const current = choice.kind === chosen?.kind && choice.id === chosen.id
          return (
            <li key={choice.id}>
              <button
                type="button"
                aria-pressed={current}
                onClick={() => onChoose(choice)}
                className={cn('w-full rounded-md px-2 py-1.5 text-left hover:bg-hover', current && 'bg-accent-soft')}
              >
                <span className="block break-words text-sm">{choice.name}</span>
                <span className="block text-xs text-secondary">{choice.detail}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
