/** Demands and machines made up for tests. */
import { engines } from '../../engines/index.ts'
import { machineId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { requestDefaults } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { type CardShape, machineOf } from '../../placement/fixtures.ts'
import { tokens } from '../../units.ts'
import type { PackDemand } from './problem.ts'

export const labMachine = (name: string, cards: readonly CardShape[], hostGib = 256): Machine => ({
  ...machineOf(cards, hostGib),
  id: machineId(name),
  name,
})

export const demandFor = (model: Model, change: Partial<PackDemand> = {}): PackDemand => ({
  ...{ model, engine: engines['llama.cpp'], replicas: 1, priority: 0, mayRelyOnHost: false },
  request: { ...requestDefaults, contextLength: tokens(4096) },
  ...change,
})
