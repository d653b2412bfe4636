import { describeModel } from '@berth/core'
import { Button } from '@berth/ui/button'
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { createLoader, parseAsString, type SearchParams } from 'nuqs/server'
import { findCatalogueHeader, findCatalogueModel, mixOf } from '../../../../features/model/catalogue.ts'
import { memoryParsers } from '../../../../features/model/memory-inputs.ts'
import { MixSelect } from '../../../../features/model/mix-select.tsx'
import { ModelDetailView } from '../../../../features/model/model-detail.tsx'
import { plannerPathFor } from '../../../../features/plan/planner-path.ts'
import { Page } from '../../../../features/shell/page.tsx'
import { paths } from '../../../../paths.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: Promise<SearchParams>
}

const readInputs = createLoader({ ...memoryParsers, mix: parseAsString })

export async function generateMetadata({ params }: Pick<Props, 'params'>): Promise<Metadata> {
  return { title: findCatalogueModel((await params).id)?.name ?? 'Not found' }
}

export default async function CatalogueModelPage({ params, searchParams }: Props) {
  const [{ id }, { mix: asked, ...inputs }] = await Promise.all([params, readInputs(searchParams)])
  const model = findCatalogueModel(id)
  const mix = model && mixOf(model, asked ?? undefined)
  const header = mix && findCatalogueHeader(id, mix)
  if (!model || !mix || !header) notFound()
  return (
    <Page
      title={model.name}
      description={
        <>
          {model.publisher}, {model.parameters}. From its published hyperparameters:{' '}
          <span className="break-words">{model.source}</span>
        </>
      }
      crumbs={[{ label: 'Models', href: paths.models() }]}
      actions={
        <>
          <MixSelect id={id} mix={mix} mixes={model.mixes} />
          <Button asChild variant="primary">
            <Link href={plannerPathFor({ model: id, mix })}>Plan with it</Link>
          </Button>
        </>
      }
    >
      <ModelDetailView header={header} described={describeModel(header)} inputs={inputs} planned={{ model: id, mix }} />
    </Page>
  )
}
