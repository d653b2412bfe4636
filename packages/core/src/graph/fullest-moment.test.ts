import { describe, expect, it } from 'vitest'
import { recordMoments } from './fullest-moment.ts'
import { newTensor } from './tensor.ts'

const tensorIn = (arena: number) => Object.assign(newTensor('f32', [1, 1, 1, 1]), { arena })

describe('recordMoments', () => {
  it('keeps what was alive when an arena last grew, each arena for itself', () => {
    const recorder = recordMoments()
    const [first, second, third, host] = [tensorIn(0), tensorIn(0), tensorIn(0), tensorIn(1)]
    recorder.placed(first, 128, 128)
    recorder.placed(host, 32, 32)
    recorder.placed(second, 256, 384)
    recorder.freed(first)
    // Fits into the hole, so the arena does not grow.
    recorder.placed(third, 128, 384)
    expect(recorder.momentOf(0)).toEqual({
      bufferBytes: 384,
      held: [
        { tensor: first, bytes: 128 },
        { tensor: second, bytes: 256 },
      ],
    })
    expect(recorder.momentOf(1)).toEqual({ bufferBytes: 32, held: [{ tensor: host, bytes: 32 }] })
  })

  it('leaves out what was freed before', () => {
    const recorder = recordMoments()
    const [gone, stays] = [tensorIn(0), tensorIn(0)]
    recorder.placed(gone, 128, 128)
    recorder.freed(gone)
    recorder.placed(stays, 512, 640)
    expect(recorder.momentOf(0)).toEqual({ bufferBytes: 640, held: [{ tensor: stays, bytes: 512 }] })
  })

  it('knows of no moment of an arena that holds nothing, and of what a copy is one', () => {
    const recorder = recordMoments()
    const [original, copy] = [tensorIn(1), tensorIn(0)]
    recorder.copied(original, copy)
    expect(recorder.momentOf(0)).toEqual({ bufferBytes: 0, held: [] })
    expect(recorder.originalOf(copy)).toBe(original)
    expect(recorder.originalOf(original)).toBeUndefined()
  })
})
