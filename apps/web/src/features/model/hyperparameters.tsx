import { groupThousands, type Model } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { type Fact, FactList } from './fact-list.tsx'
import { parameters, spread } from './model-figures.ts'

/** The numbers that decide what a model needs, by llama.cpp's names. */
export function Hyperparameters({ model }: { readonly model: Model }) {
  return <FactList title="Hyperparameters" facts={factsOf(model)} />
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
