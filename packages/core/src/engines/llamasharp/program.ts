import type { Backend } from '../../machine/machine.ts'
import type { LaunchInput } from '../engine.ts'
import type { Launch, LaunchFile } from '../launch.ts'
import { localFile } from '../model-file.ts'
import { usedDevices, visibleDevices } from '../visible-devices.ts'
import { csharpString } from './csharp.ts'
import { modelParams, type ModelParamsKind, type ModelProperty } from './model-params.ts'

/** Packages that bring llama.cpp itself, one a process; Metal is in the one for processors. */
const packages = {
  cuda: 'LLamaSharp.Backend.Cuda12',
  vulkan: 'LLamaSharp.Backend.Vulkan',
  metal: 'LLamaSharp.Backend.Cpu',
  rocm: undefined,
  sycl: undefined,
  rpc: undefined,
} as const satisfies Record<Backend, string | undefined>

/** A program that loads the model and creates its context, to be gone on from. */
export const launchLlamaSharp =
  (version: string, kind: ModelParamsKind) =>
  ({ placement, machine, source }: LaunchInput): Launch => {
    const devices = usedDevices(placement, machine)
    const backend = devices[0]?.backend
    const path = localFile(source)
    const properties = modelParams(placement, backend, kind)
    return {
      environment: visibleDevices(devices),
      program: 'dotnet',
      arguments: ['run', '-c', 'Release'],
      files: [programFile(path, properties), projectFile(version, backend), parametersFile(path, properties)],
      afterwards: [],
    }
  }

function programFile(path: string, properties: readonly ModelProperty[]): LaunchFile {
  const content = `using LLama;
using LLama.Abstractions;
using LLama.Common;
using LLama.Native;

var parameters = new ModelParams(${csharpString(path)})
{
${properties.map(({ name, csharp }) => `    ${name} = ${csharp},`).join('\n')}
};

using var weights = LLamaWeights.LoadFromFile(parameters);
// Cache and compute buffers are allocated here: at once, before another model takes the room. Keep the context and give it
// to every executor; StatelessExecutor would create one of its own for every prompt.
using var context = weights.CreateContext(parameters);
Console.WriteLine($"{weights.ParameterCount} parameters, {context.ContextSize} tokens of context");
`
  return { name: 'Program.cs', language: 'csharp', content, use: 'needed' }
}

function projectFile(version: string, backend: Backend | undefined): LaunchFile {
  const native = backend ? packages[backend] : 'LLamaSharp.Backend.Cpu'
  if (native === undefined) throw new Error(`LLamaSharp has no package for ${backend}`)
  const content = `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net8.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="LLamaSharp" Version="${version}" />
    <PackageReference Include="${native}" Version="${version}" />
  </ItemGroup>
</Project>
`
  return { name: 'Model.csproj', language: 'xml', content, use: 'needed' }
}

/** For `JsonSerializer.Deserialize<ModelParams>`, which the library's own tests hold to be the inverse of writing. */
function parametersFile(path: string, properties: readonly ModelProperty[]): LaunchFile {
  const fields = Object.fromEntries(properties.map(({ name, json }) => [name, json]))
  const content = `${JSON.stringify({ ModelPath: path, ...fields }, undefined, 2)}\n`
  return { name: 'ModelParams.json', language: 'json', content, use: 'instead' }
}
