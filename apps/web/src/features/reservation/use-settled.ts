import { useEffect, useState } from 'react'

/** Between the keys of a word, or the steps of a date, there is less. */
const SETTLED_MS = 300

/** A value once it has stopped changing, told apart by its text; at first as it is. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  const text = JSON.stringify(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS)
    return () => clearTimeout(timer)
    // The value is another object at every turn.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [text])
  return settled
}
