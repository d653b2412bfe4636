import { cardFromCatalogue, chooseGpu } from '@berth/catalogue'
import {
  type Card,
  cardLike,
  type CardOrigin,
  explainEdit,
  explainEditIssue,
  type Machine,
  type MachineEdit,
  whatIf,
} from '@berth/core'
import { ApiError } from '../errors.ts'
import type { EditInput } from './edit-schema.ts'

/** Edits of a machine, and the machine as they leave it, which is shown and never stored. */
export interface LoadedEdits {
  readonly edits: readonly MachineEdit[]
  /** Each in words, about the machine as those before it leave it. */
  readonly sentences: readonly string[]
  readonly edited: Machine
}

/** @throws {ApiError} `unknown-gpu`, or `edit-not-possible` with what stands in the way. */
export function loadEdits(machine: Machine, inputs: readonly EditInput[]): LoadedEdits {
  const edits: MachineEdit[] = []
  const sentences: string[] = []
  let edited = machine
  for (const [at, input] of inputs.entries()) {
    const edit = editOf(input, edited, `edits[${at}]`)
    const result = whatIf(edited, [edit])
    if (!result.ok) throw notPossible(`edits[${at}]`, explainEditIssue(result.issue), result.issue.code)
    edits.push(edit)
    sentences.push(explainEdit(edit, edited))
    edited = result.value
  }
  return { edits, sentences, edited }
}

function editOf(input: EditInput, machine: Machine, field: string): MachineEdit {
  switch (input.kind) {
    case 'add-cards':
      return { ...input, card: cardFor(input.card, machine, `${field}.card`) }
    case 'replace-cards': {
      const devices = input.devices ?? machine.devices.map(({ id }) => id)
      return { ...input, devices, card: cardFor(input.card, machine, `${field}.card`) }
    }
    case 'remove-cards':
    case 'add-host-memory':
      return input
  }
}

function cardFor(origin: CardOrigin, machine: Machine, field: string): Card {
  if (origin.kind === 'device') {
    const device = machine.devices.find(({ id }) => id === origin.device)
    if (device) return cardLike(device)
    throw notPossible(field, `The machine has no device ${origin.device}.`, 'unknown-device')
  }
  const found = chooseGpu(origin.gpu)
  if (found.ok) return cardFromCatalogue(found.value, machine)
  const [path, message] = [`${field}.gpu`, `The catalogue has no GPU ${origin.gpu}.`]
  const candidates = found.issue.candidates.map(({ id }) => id)
  throw new ApiError('unknown-gpu', `${path}: ${message}`, { fields: [{ path, message }], data: { candidates } })
}

const notPossible = (path: string, message: string, why: string): ApiError =>
  new ApiError('edit-not-possible', `${path}: ${message}`, { fields: [{ path, message }], data: { why } })

/** An edit as it is asked for. */
export const editInputOf = (edit: MachineEdit): EditInput =>
  'card' in edit ? { ...edit, card: edit.card.origin } : edit
