'use client'

import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { CodeBlock } from '@berth/ui/code-block'
import Link from 'next/link'
import { type ReactNode, useState, useSyncExternalStore } from 'react'
import { paths } from '../../paths.ts'
import { TokenForm } from '../token/token-form.tsx'
import { collectorCommands, isPlainHttp } from './collector-commands.ts'

const nothingChanges = () => () => undefined

/** This server as the reader's browser reaches it; machines most likely reach it so too. */
const useOrigin = (): string =>
  useSyncExternalStore(
    nothingChanges,
    () => window.location.origin,
    () => 'https://berth.example',
  )

/** A script that runs whatever tools a machine has: its output is pasted, or it reports the machine itself. */
export function CollectorWay() {
  const origin = useOrigin()
  const [secret, setSecret] = useState<string | undefined>()
  const commands = collectorCommands(origin, secret)
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="grid gap-4">
        <Card>
          <CardHeader
            title="Get the script"
            description="A few hundred lines of plain sh: read them first. It only reads, and needs no root."
          />
          <CardBody className="grid gap-4">
            <Step label="Fetch and read it" code={commands.fetch} />
            <Step label="See what it would tell" code={commands.print}>
              Then paste machine.json, or drop it, under{' '}
              <Link href={paths.machinesImport()} className="rounded-sm text-accent underline">
                From its tools’ output
              </Link>
              .
            </Step>
          </CardBody>
        </Card>
        <Card>
          <CardHeader
            title="Let the machine report itself"
            description="With a registration token it posts what it tells; free memory and drivers stay up to date."
          />
          <CardBody className="grid gap-4">
            <TokenForm onMade={setSecret} />
            {secret !== undefined && (
              <>
                <Step label="Put the token on the machine" code={commands.keepToken} />
                <Step label="Report once" code={commands.once} />
                <Step label="Report every five minutes" code={commands.often}>
                  As long as it runs. To have systemd or cron start it, see what this prints:
                </Step>
                <Step label="The same by a timer" code={commands.timer} />
              </>
            )}
            {isPlainHttp(origin) && (
              <Callout tone="warning" title="This server is reached over plain http">
                <p>
                  Others on the network can read the token. Put TLS before the server, or keep to a network you trust.
                </p>
              </Callout>
            )}
          </CardBody>
        </Card>
      </div>
      <Card>
        <CardHeader title="What it tells" description="Whatever of these is there; each has twenty seconds." />
        <CardBody className="grid gap-3 text-sm text-secondary">
          <p>
            nvidia-smi, rocm-smi, amd-smi, xpu-smi, system_profiler, llama-server --list-devices; lscpu, memory, NUMA
            nodes and the speed of network cards. Without any GPU tool it still reports processor and memory.
          </p>
          <p>
            Serial numbers, processes and their users, home folders, MAC and IP addresses are taken out before anything
            is printed or sent. The host’s name and the UUIDs of GPUs stay: by them a machine is known again.
          </p>
          <p>
            <code className="font-mono text-xs">berth collect</code> of the command line does the same, with the same
            options.
          </p>
          <p>
            On Windows there is no sh: save what <code className="font-mono text-xs">nvidia-smi -q -x</code> prints, and
            paste that.
          </p>
        </CardBody>
      </Card>
    </div>
  )
}

function Step({
  label,
  code,
  children,
}: {
  readonly label: string
  readonly code: string
  readonly children?: ReactNode
}) {
  return (
    <div className="grid min-w-0 gap-1">
      <p className="text-xs font-medium">{label}</p>
      <CodeBlock code={code} label={`Command: ${label}`} wrap />
      {children && <p className="text-xs text-secondary">{children}</p>}
    </div>
  )
}
