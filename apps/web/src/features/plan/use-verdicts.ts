'use client'

import type { Machine, MachineId, RunRequest } from '@berth/core'
import { useEffect, useMemo, useRef, useState } from 'react'
import { hireJudge } from './hire-judge.ts'
import type { ModelAnswer, Subject } from './judge-messages.ts'
import { createJudgePool, type JudgePool, type Judgement } from './judge-pool.ts'
import { type PlanInputs, requestOf } from './plan-inputs.ts'
import { bestFirst } from './verdict-view.ts'

/** What is known of a machine: nothing yet, an answer, or an answer to what was asked before. */
export interface Entry {
  readonly machine: Machine
  readonly judgement?: Judgement
  readonly current: boolean
}

export interface Verdicts {
  readonly model: ModelAnswer | undefined
  /** Best first as of the last complete round: while answers come in, nothing changes places. */
  readonly entries: readonly Entry[]
  /** Some answers are to a question that has changed since. */
  readonly behind: boolean
  /** At least one round has been completed, so that the order means something. */
  readonly ordered: boolean
}

interface State {
  readonly model: ModelAnswer | undefined
  readonly judgements: ReadonlyMap<MachineId, { readonly judgement: Judgement; readonly round: number }>
  readonly order: readonly MachineId[]
  readonly round: number
  readonly done: boolean
}

const nothing: State = { model: undefined, judgements: new Map(), order: [], round: 0, done: false }

/** More workers than this heat the computer and gain little. */
const MAX_JUDGES = 4

/**
 * Judges every machine in the browser, by the same function as the server, in workers: the sliders never wait. The machine
 * that is open is judged first.
 */
export function useVerdicts(subject: Subject | undefined, machines: readonly Machine[], inputs: PlanInputs): Verdicts {
  const pool = useRef<JudgePool | undefined>(undefined)
  const [state, setState] = useState<State>(nothing)
  const request = useRequest(inputs)
  const { prefer: preference, engine } = inputs
  const open = useRef(inputs.machine)
  useEffect(() => {
    open.current = inputs.machine
  }, [inputs.machine])
  useEffect(() => {
    pool.current = createJudgePool(Math.min(MAX_JUDGES, Math.max(1, navigator.hardwareConcurrency - 1)), hireJudge)
    return () => pool.current?.close()
  }, [])
  useEffect(() => {
    if (!subject) return undefined
    const inOrder = machines.toSorted((a, b) => Number(b.id === open.current) - Number(a.id === open.current))
    return ask(
      pool.current,
      { subject, machines: inOrder, wish: { kind: 'plan', engine, request, preference } },
      setState,
    )
  }, [subject, machines, engine, request, preference])
  return useMemo(() => viewOf(state, machines), [state, machines])
}

/** Asks the pool and writes what it answers into the state, many answers at a time. Returns how to stop listening. */
function ask(
  pool: JudgePool | undefined,
  question: Parameters<JudgePool['ask']>[0],
  setState: (change: (state: State) => State) => void,
): () => void {
  let buffer: (readonly [MachineId, Judgement])[] = []
  let frame = 0
  setState((state) => ({ ...state, round: state.round + 1, done: false }))
  const flush = (done: boolean) => {
    const arrived = buffer
    buffer = []
    setState((state) => afterArrival(state, arrived, { done, machines: question.machines }))
  }
  pool?.ask(question, {
    onModel: (model) => setState((state) => ({ ...state, model })),
    onJudgement: (machine, judgement) => {
      buffer.push([machine.id, judgement])
      if (frame === 0) {
        frame = requestAnimationFrame(() => {
          frame = 0
          flush(false)
        })
      }
    },
    onDone: () => flush(true),
  })
  return () => cancelAnimationFrame(frame)
}

function afterArrival(
  state: State,
  arrived: readonly (readonly [MachineId, Judgement])[],
  { done, machines }: { readonly done: boolean; readonly machines: readonly Machine[] },
): State {
  const judgements = new Map(state.judgements)
  for (const [id, judgement] of arrived) judgements.set(id, { judgement, round: state.round })
  if (!done) return { ...state, judgements, done: state.done }
  const judged = machines.flatMap((machine) => {
    const judgement = judgements.get(machine.id)?.judgement
    return judgement?.ok ? [{ machine, verdict: judgement.verdict }] : []
  })
  return { ...state, judgements, order: bestFirst(judged).map(({ machine }) => machine.id), done: true }
}

function viewOf(state: State, machines: readonly Machine[]): Verdicts {
  const place = new Map(state.order.map((id, index) => [id, index]))
  const entries = machines
    .map((machine): Entry => {
      const known = state.judgements.get(machine.id)
      return { machine, current: known?.round === state.round, ...(known ? { judgement: known.judgement } : {}) }
    })
    .toSorted((a, b) => (place.get(a.machine.id) ?? place.size) - (place.get(b.machine.id) ?? place.size))
  return { model: state.model, entries, behind: !state.done, ordered: state.order.length > 0 }
}

/** The same object as long as it asks for the same: opening another machine is no new request. */
export function useRequest(inputs: PlanInputs): RunRequest {
  const key = JSON.stringify(requestOf(inputs))
  return useMemo(() => JSON.parse(key) as RunRequest, [key])
}
