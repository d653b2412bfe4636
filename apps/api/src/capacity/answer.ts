import { cardsToBuy } from '@berth/catalogue'
import {
  bySize,
  compareEdit,
  describeModel,
  editOnTwin,
  explainGain,
  explainNoUpgrade,
  explainReason,
  explainUpgrade,
  judgedOnce,
  type Largest,
  type LargestFile,
  largestHosted,
  type Model,
  oneUpgradeAway,
  standingOf,
  type UpgradeAnswer,
  whatIf,
  whyNot,
} from '@berth/core'
import type { MachineView } from '../machine/schema.ts'
import { described } from '../plan/judge.ts'
import { judgedMachine } from '../plan/judged-machine.ts'
import { type Candidate, headerOf } from '../plan/solve.ts'
import { engineFor } from '../plan/verdict-schema.ts'
import type { FileView } from './file-schema.ts'
import { editInputOf } from './load-edits.ts'
import type { CapacityAnswers, CapacityQuestion, CapacityQuestions, CapacityResult } from './question.ts'

type Machines = readonly MachineView[]
type Answers<Kind extends keyof CapacityAnswers> = Generator<CapacityAnswers[Kind], void, void>

/** One answer after the other, when the next is asked for: one can take seconds. */
export function answerCapacity(question: CapacityQuestion, machines: Machines): Iterable<CapacityResult> {
  switch (question.kind) {
    case 'largest':
      return largestOn(question, machines)
    case 'hosts':
      return hostsOn(question, machines)
    case 'what-if':
      return whatIfOn(question, machines)
    case 'upgrades':
      return upgradesOf(question, machines)
  }
}

interface Described {
  readonly id: string
  readonly view: FileView
  readonly model: Model
}

/** A file that a newer version cannot describe is none to choose. */
const describedFiles = (files: readonly Candidate[]): readonly Described[] =>
  files.flatMap((file, at) => {
    const result = describeModel(headerOf(file))
    if (!result.ok) return []
    const { weightBytes, parameterCount } = result.value
    const view = { model: file.ref, name: file.name, weightBytes, parameterCount }
    return [{ id: String(at), view, model: result.value }]
  })

function* largestOn(question: CapacityQuestions['largest'], machines: Machines): Answers<'largest'> {
  const found = describedFiles(question.files)
  const views = new Map(found.map(({ id, view }) => [id, view]))
  const asked = { files: bySize(found), engine: engineFor(question), request: question.request }
  const fileView = ({ file, headroom, next }: LargestFile) => ({
    file: views.get(file)!,
    headroom,
    ...(next && { next: { ...next, file: views.get(next.file)! } }),
  })
  const view = ({ onGpus, withHost }: Largest) => ({
    ...(onGpus && { onGpus: fileView(onGpus) }),
    ...(withHost && { withHost: fileView(withHost) }),
  })
  for (const { machine, answer } of judgedOnce(machines, (one) => largestHosted(one, asked))) {
    yield { machine: judgedMachine(machine), weights: view(answer.weights), parameters: view(answer.parameters) }
  }
}

function* hostsOn(question: CapacityQuestions['hosts'], machines: Machines): Answers<'hosts'> {
  const tenant = { model: described(question.header), engine: engineFor(question), request: question.request }
  const judge = (machine: MachineView) => {
    const standing = standingOf({ ...tenant, machine })
    return { standing, reasons: standing.on === 'nowhere' ? whyNot({ ...tenant, machine }) : [] }
  }
  for (const { machine, alike, answer } of judgedOnce(machines, judge)) {
    const { standing, reasons } = answer
    // Reasons name the devices of the machine that was judged for all that are alike.
    const explanation = reasons.map((reason) => explainReason(reason, { ...alike, name: machine.name }))
    yield { machine: judgedMachine(machine), standing, explanation }
  }
}

/** Of one machine, file by file. */
function* whatIfOn(question: CapacityQuestions['what-if'], machines: Machines): Answers<'what-if'> {
  const { files, edits, request } = question
  const engine = engineFor(question)
  for (const machine of machines) {
    const edited = whatIf(machine, edits)
    if (!edited.ok) throw new Error(`an edit was let through: ${edited.issue.code}`)
    for (const file of files) {
      for (const { view, model } of describedFiles([file])) {
        const compared = compareEdit({ model, engine, request }, machine, edited.value)
        yield { file: view, ...compared, explanation: explainGain(compared.gain) }
      }
    }
  }
}

function* upgradesOf(question: CapacityQuestions['upgrades'], machines: Machines): Answers<'upgrades'> {
  const { header, request, mayRelyOnHost } = question
  const tenant = { model: described(header), engine: engineFor(question), request, mayRelyOnHost }
  const judge = (machine: MachineView) => oneUpgradeAway(machine, { ...tenant, cards: cardsToBuy(machine) })
  for (const { machine, alike, answer } of judgedOnce(machines, judge)) {
    yield { machine: judgedMachine(machine), ...upgradeView(answer, [alike, machine]) }
  }
}

/** @param answer about the first of two machines that are alike, told of the second */
function upgradeView(answer: UpgradeAnswer, [alike, machine]: readonly [MachineView, MachineView]) {
  switch (answer.state) {
    case 'hosts':
      return answer
    case 'upgradable':
      return {
        state: answer.state,
        upgrades: answer.upgrades.map((upgrade) => {
          const edit = editOnTwin(upgrade.edit, alike, machine)
          return { ...upgrade, edit: editInputOf(edit), explanation: explainUpgrade({ ...upgrade, edit }, machine) }
        }),
      }
    case 'out-of-reach':
      return { state: answer.state, explanation: explainNoUpgrade(answer.why, { ...alike, name: machine.name }) }
  }
}
