import { engineAlone, estimateSpeed, explainPlacement, isMix, type Machine, solve } from '@berth/core'
import { engineNamed } from './engine-choice.ts'
import type { Answers, WishKind, WishOf } from './judge-messages.ts'
import type { Models } from './subject-models.ts'
import { verdictOf } from './verdict-of.ts'
import { offersOf } from './verdict-view.ts'

interface Asked<Kind extends WishKind> {
  readonly models: Models
  readonly machine: Machine
  readonly wish: WishOf<Kind>
}

/** What a judge says of one machine. */
export function answerTo({ wish, ...on }: Asked<WishKind>): Answers[WishKind] {
  switch (wish.kind) {
    case 'plan':
      return planned({ ...on, wish })
    case 'alone':
      return leftAlone({ ...on, wish })
    case 'solve':
      return solved({ ...on, wish })
  }
}

function planned({ models, machine, wish }: Asked<'plan'>): Answers['plan'] {
  const verdict = verdictOf({ models, machine, wish })
  const figures = offersOf(verdict).map(({ placement }) => {
    const input = { placement, model: models.model, machine }
    return { places: explainPlacement(input), speed: estimateSpeed(input) }
  })
  return { verdict, figures }
}

function leftAlone({ models: { model }, machine, wish }: Asked<'alone'>): Answers['alone'] {
  const alone = engineAlone({ model, machine, request: wish.request, engine: engineNamed(wish.engine) })
  return alone ? { alone } : {}
}

/** A mix is chosen from those that the model could be had in. */
function solved({ models, machine, wish }: Asked<'solve'>): Answers['solve'] {
  const { request, unknown } = wish
  const files = unknown === 'mix' ? models.alternatives() : []
  const candidates = files.map(({ name, model }) => ({
    id: name,
    model: () => model,
    ...(isMix(name) && { mix: name }),
  }))
  const { model } = models
  return { solution: solve({ model, machine, request, engine: engineNamed(wish.engine), unknown, candidates }) }
}
