'use client'

import { Tabs, TabsContent, TabsList, TabsTrigger } from '@berth/ui/tabs'
import { useQueryStates } from 'nuqs'
import type { ComponentType } from 'react'
import { NoMachines } from '../plan/planner-empty.tsx'
import { inputOptions } from '../plan/use-plan-inputs.ts'
import { capacityParsers, type ChangeInputs, type Question, questions } from './capacity-inputs.ts'
import { Hosts } from './hosts.tsx'
import type { Lab, QuestionProps } from './question-fields.tsx'
import { Largest } from './largest.tsx'
import { Replicas } from './replicas.tsx'
import { Upgrades } from './upgrades.tsx'
import { WhatIf } from './what-if.tsx'

const asked: Readonly<
  Record<Question, { readonly label: string; readonly sentence: string; readonly Form: ComponentType<QuestionProps> }>
> = {
  hosts: {
    label: 'What can host it?',
    sentence: 'Which machines host a model at a context for so many users, and how much further each goes.',
    Form: Hosts,
  },
  largest: {
    label: 'Largest model',
    sentence: 'The largest model that each machine hosts: on its GPUs alone, and with the help of its RAM.',
    Form: Largest,
  },
  replicas: {
    label: 'How many replicas?',
    sentence:
      'How often a model fits the lab beside what runs already and is promised, counted exactly machine by machine.',
    Form: Replicas,
  },
  'what-if': {
    label: 'What if?',
    sentence: 'What other cards or more RAM in a machine would allow. Nothing of it is saved.',
    Form: WhatIf,
  },
  upgrades: {
    label: 'One upgrade away',
    sentence: 'Which machines would host a model with one change, the least first, each tried by planning with it.',
    Form: Upgrades,
  },
}

/** One question at a time; the address holds it with all of its inputs. */
export function Capacity({ lab }: { readonly lab: Lab }) {
  const [inputs, setInputs] = useQueryStates(capacityParsers, inputOptions)
  const onChange: ChangeInputs = (change) => void setInputs(change)
  if (lab.machines.length === 0) return <NoMachines />
  return (
    <Tabs
      value={inputs.q}
      onValueChange={(value) => onChange({ q: questions.find((question) => question === value) ?? inputs.q })}
      className="gap-4"
    >
      <TabsList aria-label="Questions" className="flex-wrap">
        {questions.map((question) => (
          <TabsTrigger key={question} value={question}>
            {asked[question].label}
          </TabsTrigger>
        ))}
      </TabsList>
      {questions.map((question) => {
        const { sentence, Form } = asked[question]
        return (
          <TabsContent key={question} value={question} className="grid min-w-0 gap-4">
            <p className="max-w-prose text-sm text-secondary">{sentence}</p>
            <Form lab={lab} inputs={inputs} onChange={onChange} />
          </TabsContent>
        )
      })}
    </Tabs>
  )
}
