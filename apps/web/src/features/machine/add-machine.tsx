'use client'

import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@berth/ui/tabs'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { CatalogueGpuView } from '../../trpc/types.ts'
import { CatalogueForm } from './catalogue-form.tsx'
import { CollectorWay } from './collector-way.tsx'
import { CommandList } from './command-list.tsx'
import { ImportForm } from './import-form.tsx'

const ways = ['output', 'script', 'catalogue'] as const

/** Three ways to a machine: what its tools print, a script that runs them all, or what it is to be made of. */
export function AddMachine({ gpu }: { readonly gpu: CatalogueGpuView | undefined }) {
  const [from, setFrom] = useQueryState(
    'from',
    parseAsStringLiteral(ways).withDefault('output').withOptions({ history: 'replace' }),
  )
  return (
    <Tabs value={from} onValueChange={(next) => void setFrom(ways.find((way) => way === next) ?? null)}>
      <TabsList aria-label="Where the machine comes from">
        <TabsTrigger value="output">From its tools’ output</TabsTrigger>
        <TabsTrigger value="script">Run a script on it</TabsTrigger>
        <TabsTrigger value="catalogue">From the catalogue</TabsTrigger>
      </TabsList>
      <TabsContent value="output">
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <ImportForm />
          <Card>
            <CardHeader
              title="What to run on it"
              description="Any of the first three is enough; several in one paste complete each other."
            />
            <CardBody>
              <CommandList />
            </CardBody>
          </Card>
        </div>
      </TabsContent>
      <TabsContent value="script">
        <CollectorWay />
      </TabsContent>
      <TabsContent value="catalogue">
        <CatalogueForm first={gpu} />
      </TabsContent>
    </Tabs>
  )
}
