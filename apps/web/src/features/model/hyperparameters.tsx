import { groupThousands, type Model } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import type { ReactNode } from 'react'
import { parameters, spread } from './model-figures.ts'

interface Fact {
  readonly term: string
  readonly value: ReactNode
  readonly tip?: string
}

/** The numbers that decide what a model needs, by llama.cpp's names. */
export function Hyperparameters({ model }: { readonly model: Model }) {
  return (
    <Card>
      <CardHeader title="Hyperparameters" />
      <CardBody>
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 sm:grid-cols-3 lg:grid-cols-5">
          {factsOf(model).map(({ term, value, tip }) => (
            <div key={term} className="min-w-0">
              <dt className="text-xs text-tertiary" data-tip={tip}>
                {term}
              </dt>
              <dd className="mt-0.5 break-words font-medium tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  )
}

function factsOf(model: Model): readonly Fact[] {
  const run = <Value,>(perBlock: readonly Value[]): readonly Value[] => perBlock.slice(0, model.runBlockCount)
  return [
    {
      term: 'Parameters',
      value: <span data-tip={groupThousands(model.parameterCount)}>{parameters(model.parameterCount)}</span>,
    },
    { term: 'Weights', value: <ByteFigure bytes={model.weightBytes} /> },
    { term: 'Architecture', value: model.architecture },
    {
      term: 'Blocks',
      value:
        model.runBlockCount === model.blockCount
          ? model.blockCount
          : `${model.runBlockCount} of ${model.blockCount} run`,
      tip: 'Repeating parts (block_count). Layers, as -ngl counts them, are one more: the output layer.',
    },
    { term: 'Trained context', value: groupThousands(model.contextLengthTrained) },
    { term: 'Embedding', value: groupThousands(model.embeddingLength) },
    { term: 'Vocabulary', value: groupThousands(model.vocabSize) },
    { term: 'Heads', value: spread(run(model.headCount)) },
    { term: 'KV heads', value: spread(run(model.headCountKv)), tip: 'Keys and values are kept for these only.' },
    { term: 'Feed forward', value: spread(run(model.feedForwardLength)) },
    { term: 'Key and value length', value: `${model.keyLength} and ${model.valueLength}` },
    ...(model.slidingWindow > 0
      ? [
          {
            term: 'Sliding window',
            value: `${groupThousands(model.slidingWindow)}, ${run(model.windowed).filter(Boolean).length} blocks`,
          },
        ]
      : []),
    ...(model.expertCount > 0
      ? [{ term: 'Experts', value: `${model.expertUsedCount} of ${model.expertCount} used` }]
      : []),
  ]
}
