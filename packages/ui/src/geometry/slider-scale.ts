/** Maps a slider's position to its value and back; positions are whole numbers from 0 to `positions`. */
export interface SliderScale {
  readonly positions: number
  readonly toValue: (position: number) => number
  readonly toPosition: (value: number) => number
}

/** Every `step` from `min` to `max`. */
export const linearScale = (min: number, max: number, step: number): SliderScale => ({
  positions: Math.max(0, Math.round((max - min) / step)),
  toValue: (position) => Math.min(max, min + position * step),
  toPosition: (value) => Math.round((Math.min(max, Math.max(min, value)) - min) / step),
})

const PER_DOUBLING = 8

/**
 * Doublings from `min` to `max`, each in eight equal parts rounded to `multiple`: on a slider of context lengths 4k to 8k
 * takes as much room as 64k to 128k. `min` and `max` themselves are always reachable.
 */
export const doublingScale = (min: number, max: number, multiple: number): SliderScale => {
  const values = [min]
  for (let base = min; base < max; base *= 2) {
    for (let part = 1; part <= PER_DOUBLING; part += 1) {
      const value = Math.round((base + (base * part) / PER_DOUBLING) / multiple) * multiple
      if (value > (values.at(-1) ?? 0) && value < max) values.push(value)
    }
  }
  if (max > min) values.push(max)
  return {
    positions: values.length - 1,
    toValue: (position) => values[Math.min(values.length - 1, Math.max(0, position))] ?? min,
    toPosition: (value) => {
      const above = values.findIndex((candidate) => candidate >= value)
      return above === -1 ? values.length - 1 : above
    },
  }
}
