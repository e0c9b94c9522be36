import type { APIRoute, GetStaticPaths } from 'astro'
import { parseRecording } from '#recording/recording.ts'
import { recordings } from '../../content/recordings.ts'
import { EXPORT_FORMATS, exported, type ExportFormat } from '../../inspector/exports.ts'

interface Props {
  name: string
  format: ExportFormat
}

export const getStaticPaths = (() =>
  [...recordings.keys()].flatMap(name =>
    EXPORT_FORMATS.map(({ id, ending }) => ({
      params: { file: `${name}.${ending}` },
      props: { name, format: id } satisfies Props,
    })),
  )) satisfies GetStaticPaths

/** A recording of the course as a file of that format. There are no secrets in it: nobody's browser made it. */
export const GET: APIRoute<Props> = async ({ props: { name, format } }) => {
  const file = await exported(parseRecording(recordings.get(name)), format, 'keep')
  return new Response(file)
}
