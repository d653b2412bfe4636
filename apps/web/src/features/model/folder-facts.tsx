import { type Exl2Model, exl2Summary, groupThousands } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { type Fact, FactList } from './fact-list.tsx'
import { parameters, spread } from './model-figures.ts'

/** The numbers that decide what a folder needs, by the names of config.json, and how its weights are quantized. */
export function FolderFacts({ model, parameterCount }: { readonly model: Exl2Model; readonly parameterCount: number }) {
  return <FactList title="Hyperparameters" facts={factsOf(model, parameterCount)} />
}

function factsOf(model: Exl2Model, parameterCount: number): readonly Fact[] {
  const { quantization, headCountKv, feedForwardLength } = model
  const { format, bits, headBits, leastBits, mostBits, statedBits, version } = quantization
  return [
    {
      term: 'Parameters',
      value: <span data-tip={groupThousands(parameterCount)}>{parameters(parameterCount)}</span>,
    },
    { term: 'Weights', value: <ByteFigure bytes={exl2Summary(model).weightBytes} /> },
    { term: 'Format', value: `${format.toUpperCase()}${version ? `, converter ${version}` : ''}` },
    {
      term: 'Bits a weight',
      value: bits.toFixed(2),
      tip:
        statedBits === undefined ? 'As stored, scales included.' : `As stored, scales included; stated: ${statedBits}.`,
    },
    {
      term: 'Of a matrix',
      value: leastBits === mostBits ? leastBits.toFixed(2) : `${leastBits.toFixed(2)}–${mostBits.toFixed(2)}`,
      tip: 'They differ where a measurement chose matrix by matrix.',
    },
    { term: 'Output layer', value: `${headBits.toFixed(2)} bits` },
    { term: 'Architecture', value: model.architecture },
    { term: 'Blocks', value: model.blockCount },
    { term: 'Trained context', value: groupThousands(model.contextLengthTrained) },
    { term: 'Hidden size', value: groupThousands(model.hiddenSize) },
    { term: 'Vocabulary', value: groupThousands(model.vocabSize) },
    { term: 'Heads', value: `${model.headCount} of ${model.headDim}` },
    { term: 'KV heads', value: spread(headCountKv), tip: 'Keys and values are kept for these only.' },
    { term: 'Feed forward', value: spread(feedForwardLength) },
    ...(model.expertCount > 0
      ? [{ term: 'Experts', value: `${model.expertUsedCount} of ${model.expertCount} used` }]
      : []),
  ]
}
