import { type GgufHeader, type Machine, machineId, requestDefaults, tokens } from '@berth/core'
import { describe, expect, it } from 'vitest'
import type { FromJudge, Subject, ToJudge } from './judge-messages.ts'
import { isFolder } from './planned-header.ts'
import { createJudgePool, type Listener } from './judge-pool.ts'

const header = (name: string): GgufHeader => ({
  metadata: { 'general.name': name },
  trimmedArrayLengths: {},
  tensors: [],
})
const subject = (name: string): Subject => ({ header: header(name) })
const machines = (...names: readonly string[]): readonly Machine[] =>
  names.map((name) => ({ id: machineId(name), name, devices: [], links: [] }))

const refused = { fits: false, reasons: [], remedies: [] } as const

/** Workers that answer only when told to. */
function staff() {
  const desks: { inbox: ToJudge[]; answer: (message: FromJudge) => void; closed: boolean }[] = []
  const hire = (answer: (message: FromJudge) => void) => {
    const desk = { inbox: [] as ToJudge[], answer, closed: false }
    desks.push(desk)
    return { post: (message: ToJudge) => void desk.inbox.push(message), close: () => void (desk.closed = true) }
  }
  /** Lets one worker deal with the oldest message it has. */
  const work = (index: number) => {
    const message = desks[index]?.inbox.shift()
    if (message?.kind === 'model') {
      const { header } = message.subject
      const ok = isFolder(header) || header.metadata['general.name'] !== 'broken'
      desks[index]?.answer({
        kind: 'model',
        version: message.version,
        answer: ok
          ? { ok: true, contextLengthTrained: tokens(4096) }
          : { ok: false, issue: { code: 'missing-key', key: 'x' } },
      })
    } else if (message?.kind === 'judge') {
      desks[index]?.answer(
        message.machine.name === 'bug'
          ? { kind: 'failure', job: message.job, message: 'broken' }
          : { kind: 'answer', job: message.job, answer: { verdict: refused, figures: [] } },
      )
    }
  }
  const workAll = () => {
    for (let round = 0; round < 50; round += 1) for (const index of desks.keys()) work(index)
  }
  return { desks, hire, work, workAll }
}

function listening() {
  const heard: string[] = []
  const listener: Listener = {
    onModel: (answer) => void heard.push(answer.ok ? 'model' : 'no model'),
    onJudgement: (machine, judgement) => void heard.push(judgement.ok ? machine.name : `${machine.name} failed`),
    onDone: () => void heard.push('done'),
  }
  return { heard, listener }
}

describe('a pool of judges', () => {
  it('judges every machine once, in order, and says when it is done', () => {
    const { hire, workAll } = staff()
    const { heard, listener } = listening()
    createJudgePool(1, hire).ask(
      {
        subject: subject('a'),
        machines: machines('x', 'y', 'z'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
      },
      listener,
    )
    workAll()
    expect(heard).toEqual(['model', 'x', 'y', 'z', 'done'])
  })

  it('shares the machines out over as many judges as there is work for', () => {
    const { desks, hire, workAll } = staff()
    const { heard, listener } = listening()
    createJudgePool(4, hire).ask(
      {
        subject: subject('a'),
        machines: machines('x', 'y'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
      },
      listener,
    )
    expect(desks).toHaveLength(2)
    workAll()
    expect(heard.toSorted()).toEqual(['done', 'model', 'x', 'y'])
    expect(heard.at(-1)).toBe('done')
  })

  it('drops a question that has changed, and keeps silent about its late answers', () => {
    const { hire, work, workAll } = staff()
    const old = listening()
    const current = listening()
    const pool = createJudgePool(1, hire)
    const model = subject('a')
    pool.ask(
      {
        subject: model,
        machines: machines('x', 'y', 'z'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
      },
      old.listener,
    )
    work(0)
    pool.ask(
      {
        subject: model,
        machines: machines('z'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: { ...requestDefaults, parallel: 2 } },
      },
      current.listener,
    )
    workAll()
    expect(old.heard).toEqual(['model'])
    expect(current.heard).toEqual(['model', 'z', 'done'])
  })

  it('gives a judge another model before its machines', () => {
    const { hire, workAll } = staff()
    const { heard, listener } = listening()
    const pool = createJudgePool(2, hire)
    pool.ask(
      {
        subject: subject('a'),
        machines: machines('x', 'y'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
      },
      listening().listener,
    )
    workAll()
    pool.ask(
      {
        subject: subject('broken'),
        machines: machines('x', 'y', 'z'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
      },
      listener,
    )
    workAll()
    expect(heard).toEqual(['no model', 'done'])
  })

  it('does not take the answer about one model for that about the next', () => {
    const { hire, workAll } = staff()
    const { heard, listener } = listening()
    const pool = createJudgePool(1, hire)
    const asking = {
      machines: machines('x'),
      wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
    } as const
    pool.ask({ subject: subject('broken'), ...asking }, listening().listener)
    pool.ask({ subject: subject('a'), ...asking }, listener)
    workAll()
    expect(heard).toEqual(['model', 'x', 'done'])
  })

  it('describes a model once, however often it is asked about', () => {
    const { desks, hire, workAll } = staff()
    const { heard, listener } = listening()
    const pool = createJudgePool(1, hire)
    const model = subject('a')
    pool.ask(
      {
        subject: model,
        machines: machines('x'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
      },
      listening().listener,
    )
    workAll()
    pool.ask(
      {
        subject: model,
        machines: machines('x'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: { ...requestDefaults, parallel: 2 } },
      },
      listener,
    )
    expect(desks[0]?.inbox.map(({ kind }) => kind)).toEqual(['judge'])
    workAll()
    expect(heard).toEqual(['model', 'x', 'done'])
  })

  it('says that a judge failed, and goes on', () => {
    const { hire, workAll } = staff()
    const { heard, listener } = listening()
    createJudgePool(1, hire).ask(
      {
        subject: subject('a'),
        machines: machines('bug', 'x'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
      },
      listener,
    )
    workAll()
    expect(heard).toEqual(['model', 'bug failed', 'x', 'done'])
  })

  it('describes a model where there is no machine', () => {
    const { hire, workAll } = staff()
    const { heard, listener } = listening()
    createJudgePool(3, hire).ask(
      { subject: subject('a'), machines: [], wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults } },
      listener,
    )
    workAll()
    expect(heard.toSorted()).toEqual(['done', 'model'])
  })

  it('asks others after it was closed, about the model from its beginning', () => {
    const { desks, hire, work, workAll } = staff()
    const old = listening()
    const current = listening()
    const pool = createJudgePool(1, hire)
    const question = {
      subject: subject('a'),
      machines: machines('x'),
      wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
    } as const
    pool.ask(question, old.listener)
    work(0)
    pool.close()
    // It was at its machine when it was ended, and had its answer all but sent.
    work(0)
    pool.ask(question, current.listener)
    expect(desks[1]?.inbox.map(({ kind }) => kind)).toEqual(['model', 'judge'])
    workAll()
    expect(old.heard).toEqual(['model'])
    expect(current.heard).toEqual(['model', 'x', 'done'])
  })

  it('sends everybody home', () => {
    const { desks, hire } = staff()
    const pool = createJudgePool(2, hire)
    pool.ask(
      {
        subject: subject('a'),
        machines: machines('x', 'y'),
        wish: { kind: 'plan', engine: 'llama.cpp', request: requestDefaults },
      },
      listening().listener,
    )
    pool.close()
    expect(desks.map(({ closed }) => closed)).toEqual([true, true])
  })
})
