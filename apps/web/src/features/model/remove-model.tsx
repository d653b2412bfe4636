'use client'

import { useMutation } from '@tanstack/react-query'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import type { ModelDetail } from '../../trpc/types.ts'
import { RemoveDialog, useRemoved } from '../shell/remove-dialog.tsx'

export function RemoveModel({ model }: { readonly model: Pick<ModelDetail, 'id' | 'name'> }) {
  const trpc = useTRPC()
  const onSuccess = useRemoved(model.name, paths.models())
  const remove = useMutation(trpc.models.remove.mutationOptions({ onSuccess }))
  return (
    <RemoveDialog
      name={model.name}
      description="Only what Berth keeps of it goes, its header. The model’s file stays where it is."
      error={remove.error}
      pending={remove.isPending}
      onRemove={({ withPlans }) => remove.mutate({ id: model.id, ...(withPlans ? { withPlans } : {}) })}
      onReset={remove.reset}
    />
  )
}
