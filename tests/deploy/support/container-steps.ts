import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob, relative } from 'node:path'
import { withoutVitest } from '../../support/built-site.ts'
import { Copy, DockerfileParser, From, JSONInstruction, type Instruction } from 'dockerfile-ast'

/** What an image that was built so would hold and do. */
export interface Image {
  /** The folder that stands for its `/`. */
  readonly root: string
  /** Of the above, where it starts. */
  readonly workdir: string
  readonly environment: Readonly<Record<string, string>>
  readonly user: string | undefined
  readonly entrypoint: readonly string[]
  readonly healthcheck: readonly string[]
}

interface Stage extends Image {
  readonly name: string | null
}

/**
 * Carries out a Containerfile step by step without a container engine: each stage is a folder, in which its absolute
 * paths begin; what a base image brings is this machine's. It knows the instructions that ours has, and no others.
 * @param context folder that it is built from
 * @param scratch folder for the stages
 */
export function buildInFolders(containerfile: string, context: string, scratch: string): Image {
  const ignored = ignoredBy(readFileSync(join(context, '.dockerignore'), 'utf8'))
  const stages: Stage[] = []
  let stage: Stage | undefined
  let environment: Record<string, string> = {}
  const change = (changes: Partial<Stage>) => {
    if (!stage) throw new Error('an instruction stands before FROM')
    stages[stages.length - 1] = stage = { ...stage, ...changes }
  }
  for (const instruction of DockerfileParser.parse(containerfile).getInstructions()) {
    const text = instruction.getArgumentsContent() ?? ''
    const keyword = instruction.getKeyword()
    if (keyword === 'FROM') {
      const root = join(scratch, String(stages.length))
      mkdirSync(root)
      const name = as(From, instruction).getBuildStage()
      environment = {}
      stage = { name, root, workdir: '/', environment, user: undefined, entrypoint: [], healthcheck: [] }
      stages.push(stage)
      continue
    }
    if (!stage) throw new Error(`${keyword} stands before FROM`)
    const here = join(stage.root, stage.workdir)
    switch (keyword) {
      case 'ENV':
      case 'ARG':
        for (const [, name = '', value = ''] of text.matchAll(/(\w+)=("[^"]*"|\S*)/g))
          environment[name] = value.replaceAll('"', '')
        break
      case 'WORKDIR':
        mkdirSync(join(stage.root, text), { recursive: true })
        change({ workdir: text })
        break
      case 'COPY': {
        const origin = as(Copy, instruction).getFromFlag()?.getValue() ?? undefined
        const from = origin === undefined ? context : stages.find(({ name }) => name === origin)?.root
        if (from === undefined) throw new Error(`there is no stage ${origin}`)
        const paths = instruction.getArguments().map(argument => argument.getValue())
        const target = join(here, paths.at(-1) ?? '')
        for (const path of paths.slice(0, -1))
          copy(join(from, path), target, path => from === context && ignored(relative(context, path)))
        break
      }
      case 'RUN': {
        const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', text], {
          cwd: here,
          // How packages are reached from here is this machine's business, as an engine would pass it on.
          env: { ...withoutVitest(process.env), ...environment, PATH: pathWithNode() },
          encoding: 'utf8',
        })
        if (status !== 0) throw new Error(`RUN ${text}\n${stdout}\n${stderr}`)
        break
      }
      case 'USER':
        change({ user: text })
        break
      case 'ENTRYPOINT':
        change({ entrypoint: wordsOf(as(JSONInstruction, instruction)) })
        break
      case 'HEALTHCHECK':
        change({ healthcheck: JSON.parse(text.slice(text.indexOf('['))) as string[] })
        break
      case 'EXPOSE':
      case 'STOPSIGNAL':
        break
      default:
        throw new Error(`${keyword} is not carried out here`)
    }
  }
  const last = stages.at(-1)
  if (!last) throw new Error('there is no stage')
  return last
}

/** The Node that runs us, before all others. */
export function pathWithNode(): string {
  return `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
}

/** An instruction of which its keyword says that it is one of those. */
function as<Kind extends Instruction>(
  kind: abstract new (...args: never[]) => Kind,
  instruction: Instruction,
): Kind {
  if (!(instruction instanceof kind))
    throw new Error(`${instruction.getKeyword()} was read as something else`)
  return instruction
}

function wordsOf(instruction: JSONInstruction): string[] {
  return instruction.getJSONStrings().map(word => JSON.parse(word.getValue()) as string)
}

/** Of a folder its content goes into the target, a file goes into it as it is. */
function copy(from: string, target: string, isIgnored: (path: string) => boolean): void {
  const isFile = spawnSync('test', ['-f', from]).status === 0
  cpSync(from, isFile ? join(target, relative(dirname(from), from)) : target, {
    recursive: true,
    filter: path => !isIgnored(path),
  })
}

/** As .dockerignore says: patterns in their order, the last that matches decides; `!` takes back. */
function ignoredBy(file: string): (path: string) => boolean {
  const patterns = file.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return path => {
    let is = false
    for (const pattern of patterns) {
      const takesBack = pattern.startsWith('!')
      const glob = takesBack ? pattern.slice(1) : pattern
      if (matchesGlob(path, glob) || matchesGlob(path, `${glob}/**`)) is = !takesBack
    }
    return is
  }
}
