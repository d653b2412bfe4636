'use client'

import { Input } from '@berth/ui/input'
import { useEffect, useRef, useState } from 'react'

/** Browsers refuse more than about a hundred address changes in half a minute. */
const TYPING_MS = 150
/** The API takes no longer text. */
const MAX_TEXT = 200

/** Shows what is typed at once, and hands it on when there is a pause. */
export function SearchBox({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const handed = useRef(text)
  // The address may change by itself: a chip is taken away, a view is opened.
  useEffect(() => {
    if (text === handed.current) return
    handed.current = text
    setTyped(text)
  }, [text])
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <Input
      type="search"
      aria-label="Search machines"
      placeholder="Name, GPU, site, team or label"
      maxLength={MAX_TEXT}
      value={typed}
      onChange={({ target: { value } }) => {
        setTyped(value)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => {
          handed.current = value
          onChange(value)
        }, TYPING_MS)
      }}
    />
  )
}
