import {
  engineAlone,
  estimateSpeed,
  explainOwnChoice,
  explainPlacement,
  isExl2Engine,
  isExl2Model,
  type Machine,
  solve,
} from '@berth/core'
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
  const engine = engineNamed(wish.engine)
  const { model } = models
  const figures = offersOf(verdict).map(({ placement }) => {
    if (isExl2Model(model) || isExl2Engine(engine)) return {}
    const input = { placement, model, machine }
    const own = { model, machine, engine, request: placement.settings }
    return {
      places: explainPlacement(input),
      speed: estimateSpeed(input),
      ...(engine.controls.placesItself && { account: explainOwnChoice(own, placement) }),
    }
  })
  return { verdict, figures }
}

/** ExLlama's engines left alone do what is among the placements that are offered. */
function leftAlone({ models: { model }, machine, wish }: Asked<'alone'>): Answers['alone'] {
  const engine = engineNamed(wish.engine)
  if (isExl2Model(model) || isExl2Engine(engine)) return { account: [] }
  const input = { model, machine, request: wish.request, engine }
  // What it would do is what is planned then.
  const alone = engine.controls.placesItself ? undefined : engineAlone(input)
  return alone ? { alone, account: explainOwnChoice(input, alone.placement) } : { account: [] }
}

/** A mix is chosen from those that the model could be had in. */
function solved({ models, machine, wish }: Asked<'solve'>): Answers['solve'] {
  const { request, unknown } = wish
  const files = unknown === 'mix' ? models.alternatives() : []
  const candidates = files.map(({ name, model, ...file }) => ({ id: name, model: () => model, ...file }))
  const { model } = models
  const engine = engineNamed(wish.engine)
  // The page asks for no such thing: `solveRefusals`.
  if (isExl2Model(model) || isExl2Engine(engine)) throw new Error('folders of ExLlama are planned, not solved for')
  return { solution: solve({ model, machine, request, engine, unknown, candidates }) }
}
