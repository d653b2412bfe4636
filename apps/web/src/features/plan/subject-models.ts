import {
  type Alternative,
  type AnyModel,
  type DescribeIssue,
  describeModel,
  type GgufHeader,
  type Model,
  quantizeHeader,
} from '@berth/core'
import type { Subject } from './judge-messages.ts'
import { isFolder } from './planned-header.ts'

/** A subject with its headers described, each when it is first looked at. */
export interface Models {
  readonly model: AnyModel
  readonly other: Model | undefined
  readonly alternatives: () => readonly Alternative[]
}

export type DescribedSubject =
  | { readonly ok: true; readonly value: Models }
  | { readonly ok: false; readonly issue: DescribeIssue }

export function describeSubject({ header, other, mixes }: Subject): DescribedSubject {
  const described = isFolder(header) ? ({ ok: true, value: header } as const) : describeModel(header)
  if (!described.ok) return described
  let known: readonly Alternative[] | undefined
  const alternatives = () =>
    (known ??= (mixes?.names ?? []).flatMap((name) => {
      const model = modelOf(quantizeHeader(mixes!.base, name))
      return model ? [{ name, mix: name, model }] : []
    }))
  return { ok: true, value: { model: described.value, other: other && modelOf(other), alternatives } }
}

function modelOf(header: GgufHeader): Model | undefined {
  const described = describeModel(header)
  return described.ok ? described.value : undefined
}
