'use client'

import type { Machine, ModelSource, Placement, Verdict } from '@berth/core'
import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { VerdictBadge } from '@berth/ui/verdict-badge'
import type { ReactNode } from 'react'
import { type HandEditing, type HandOffer, HandSplit, handOffer } from './split-by-hand.tsx'
import type { OfferFigures } from './judge-messages.ts'
import { Alternatives, Remedies } from './offers.tsx'
import { Account } from './account.tsx'
import { engineOf } from './engine-choice.ts'
import { PlacementAlone } from './placement-alone.tsx'
import { PlacementCommand } from './placement-command.tsx'
import { PlacementFacts } from './placement-facts.tsx'
import { PlacementLayers } from './placement-layers.tsx'
import { PlacementMemory } from './placement-memory.tsx'
import { PlacementSpeed, PlacementWarnings } from './placement-speed.tsx'
import type { PlanInputs } from './plan-inputs.ts'
import { Reasons } from './reasons.tsx'
import type { AloneAnswer } from './use-engine-alone.ts'
import { devicesSummary, type MachineVerdict, type Offer, offersOf, verdictKind } from './verdict-view.ts'

export interface PlacementDetailProps {
  readonly entry: MachineVerdict
  /** Where the engine will find the model's file. */
  readonly source: ModelSource
  /** Which of the machine's placements to show; the first where there is no such. */
  readonly show: number
  readonly onChange: (change: Partial<PlanInputs>) => void
  /** Other machines that can host the model as asked, best first. */
  readonly elsewhere?: readonly Machine[]
  /** Lets the layers be split by hand; without it they are shown as planned. */
  readonly editing?: HandEditing
  readonly actions?: ReactNode
  /** What the engine left alone would do; nothing is said of it where it is absent. */
  readonly alone?: AloneAnswer
  /** What can be solved for on this machine. */
  readonly solveFor?: ReactNode
}

const nowhere: readonly Machine[] = []

/** One machine's answer in full. */
export function PlacementDetail({
  entry,
  source,
  show,
  onChange,
  elsewhere = nowhere,
  editing,
  actions,
  alone,
  solveFor,
}: PlacementDetailProps) {
  const { machine, verdict, figures } = entry
  const offers = offersOf(verdict)
  const shown = offers[show] ? show : 0
  const planned = offers[shown]
  const byHand = handOffer(editing)
  const offer = byHand ?? planned
  const figure = byHand ? byHand.figures : figures?.[shown]
  const remedies = mayFit(verdict, offers, elsewhere)
  return (
    <Card aria-label={`Plan on ${machine.name}`} className="grid content-start divide-y divide-line">
      <div>
        <CardHeader
          title={
            <span className="flex flex-wrap items-center gap-2 text-base">
              {machine.name} <VerdictBadge kind={verdictKind(verdict)} />
            </span>
          }
          description={devicesSummary(machine) || 'No GPU'}
          actions={actions}
        />
        <CardBody className="grid gap-3">
          {!verdict.fits && (
            <Callout tone="error" title="It does not fit as asked.">
              <Reasons reasons={verdict.reasons} machine={machine} />
            </Callout>
          )}
          {offer && <PlacementFacts placement={offer.placement} />}
          {offer && figure && <FigureNotes figures={figure} placement={offer.placement} machine={machine} />}
          {alone && offer && isComparable(verdict, offer) && (
            <PlacementAlone answer={alone} placement={offer.placement} machine={machine} />
          )}
        </CardBody>
      </div>
      {solveFor}
      {remedies && (
        <Section title="What would make it fit" description="Each was checked by planning with it.">
          <Remedies offers={offers} elsewhere={elsewhere} onChange={onChange} />
        </Section>
      )}
      {offer && (
        <OfferSections
          {...{ offer, machine, source, planned }}
          editing={figure?.account ? undefined : editing}
          figures={figure}
        />
      )}
      {verdict.fits && offers.length > 1 && (
        <Section title="Other placements">
          <Alternatives offers={offers} shown={shown} machine={machine} onShow={(index) => onChange({ show: index })} />
        </Section>
      )}
    </Card>
  )
}

/** Whether there is a change, or another machine, with which what does not fit would. */
const mayFit = (verdict: Verdict, offers: readonly Offer[], elsewhere: readonly Machine[]): boolean =>
  !verdict.fits && (elsewhere.length > 0 || offers.some(({ origin }) => origin === 'remedy'))

/** How fast it is, and how an engine that decides comes to it; each where there is such a thing. */
function FigureNotes({
  figures: { speed, account },
  placement,
  machine,
}: {
  readonly figures: OfferFigures
  readonly placement: Placement
  readonly machine: Machine
}) {
  return (
    <>
      {speed ? (
        <PlacementSpeed speed={speed} placement={placement} machine={machine} />
      ) : (
        <PlacementWarnings placement={placement} machine={machine} />
      )}
      {account && (
        <Callout tone="info" title={`${nameOf(placement)} places layers itself and takes no split.`}>
          <p>Berth shows what it comes to on the GPUs that it is shown; the launch shows it these and no others.</p>
          <Account title="How it comes to that" sentences={account} />
        </Callout>
      )}
    </>
  )
}

const nameOf = (placement: Placement): string => engineOf(placement).name

/** What does not fit is no plan to compare with. */
const isComparable = (verdict: Verdict, { origin }: Offer | HandOffer): boolean =>
  verdict.fits && origin !== 'hand-short'

interface OfferSectionsProps extends Pick<PlacementDetailProps, 'source'> {
  readonly offer: Offer | HandOffer
  readonly planned: Offer | undefined
  readonly machine: Machine
  readonly figures: OfferFigures | undefined
  readonly editing: HandEditing | undefined
}

/** Where it lies, how its layers are split, and what starts it. */
function OfferSections({ offer, planned, machine, source, figures, editing }: OfferSectionsProps) {
  const { placement, origin } = offer
  return (
    <>
      <Section title="Memory" description={memoryDescription(origin)}>
        <PlacementMemory placement={placement} machine={machine} figures={figures?.places} />
      </Section>
      <Section title="Layers" description={placement.exl2 ? EXLLAMA_LAYERS : LAYERS}>
        {editing && planned ? (
          <HandSplit planned={planned.placement} machine={machine} editing={editing} />
        ) : (
          <PlacementLayers placement={placement} machine={machine} />
        )}
      </Section>
      {origin !== 'nearest' && origin !== 'hand-short' && (
        <Section title="Command" description="It states all that the plan decided.">
          <PlacementCommand placement={placement} machine={machine} source={source} />
        </Section>
      )}
    </>
  )
}

function Section({
  title,
  description,
  children,
}: {
  readonly title: string
  readonly description?: string
  readonly children: ReactNode
}) {
  return (
    <div>
      <CardHeader level="h3" title={title} {...(description ? { description } : {})} />
      <CardBody>{children}</CardBody>
    </div>
  )
}

const LAYERS = 'A layer is a block or the output layer, as llama.cpp counts them.'
const EXLLAMA_LAYERS =
  'A block is counted where its attention and cache lie. ExLlama is told GB a GPU, not layers, so they are not moved by hand.'

const descriptions = {
  best: 'The best placement.',
  other: 'One of the other placements.',
  nearest: 'The placement that lacks least.',
  remedy: 'With the change above.',
  hand: 'The split made by hand.',
  'hand-short': 'The split made by hand, which does not fit.',
} as const

const memoryDescription = (origin: keyof typeof descriptions): string =>
  `${descriptions[origin]} = is the engine’s own figure, ≤ an upper bound, ≈ assumed.`
