'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '../../trpc/client.tsx'

/** A dialog that changes a reservation: open or not, what is said with it, and what follows when it is done. */
export function useChange(done: string) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [message, setMessage] = useState('')
  return {
    open,
    message,
    setMessage,
    onOpenChange: (next: boolean) => {
      setOpen(next)
      setMessage('')
    },
    onSuccess: async () => {
      toast.success(done)
      setOpen(false)
      router.refresh()
      await queries.invalidateQueries(trpc.reservations.pathFilter())
    },
  }
}
