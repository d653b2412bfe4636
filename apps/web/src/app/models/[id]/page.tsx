import { describeModel, formatBytes } from '@berth/core'
import { Button } from '@berth/ui/button'
import type { Metadata } from 'next'
import Link from 'next/link'
import { createLoader, type SearchParams } from 'nuqs/server'
import { cache } from 'react'
import { memoryParsers } from '../../../features/model/memory-inputs.ts'
import { FolderDetailView } from '../../../features/model/folder-detail.tsx'
import { ModelDetailView } from '../../../features/model/model-detail.tsx'
import { RemoveModel } from '../../../features/model/remove-model.tsx'
import { engineFor } from '../../../features/plan/engine-choice.ts'
import { plannerPathFor } from '../../../features/plan/planner-path.ts'
import { Page } from '../../../features/shell/page.tsx'
import { paths } from '../../../paths.ts'
import { load } from '../../../trpc/server.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: Promise<SearchParams>
}

const readInputs = createLoader(memoryParsers)

const modelOf = cache((id: string) => load((api) => api.models.get.query({ id })))

export async function generateMetadata({ params }: Pick<Props, 'params'>): Promise<Metadata> {
  return { title: (await modelOf((await params).id)).name }
}

export default async function ModelPage({ params, searchParams }: Props) {
  const [model, inputs] = await Promise.all([params.then(({ id }) => modelOf(id)), readInputs(searchParams)])
  const parts = model.format === 'gguf' ? 'shards' : 'files'
  const shards = model.shards.length > 1 ? `, ${model.shards.length} ${parts}` : ''
  return (
    <Page
      title={model.name}
      description={
        <>
          {formatBytes(model.fileBytes)}
          {shards} · <code className="break-all font-mono text-xs">{model.address}</code>
        </>
      }
      crumbs={[{ label: 'Models', href: paths.models() }]}
      actions={
        <>
          <Button asChild variant="primary">
            <Link href={plannerPathFor({ model: model.id, engine: engineFor(model.format, 'llama.cpp') })}>
              Plan with it
            </Link>
          </Button>
          <RemoveModel model={{ id: model.id, name: model.name }} />
        </>
      }
    >
      {model.header && (
        <ModelDetailView
          header={model.header}
          described={describeModel(model.header)}
          inputs={inputs}
          planned={{ model: model.id, mix: null }}
        />
      )}
      {model.exl2 && <FolderDetailView model={model.exl2} parameterCount={model.parameterCount} />}
    </Page>
  )
}
