import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { defineCollection } from 'astro:content'

const sentence = z.string().trim().min(1)

const lessons = defineCollection({
  loader: glob({ pattern: '**/*.mdx', base: './src/content/lessons', generateId: ({ entry }) => entry }),
  schema: z.strictObject({
    /** As in `course.ts`; a difference stops the build. */
    title: sentence,
    /** The sentence under the title; also the description search engines show. */
    lead: sentence,
    minutes: z.number().int().min(5).max(90),
    /** How many missions the wire judges. */
    missions: z.number().int().min(0).default(0),
    /** What the reader will be able to do: 3–5 sentences without a subject, as in `… 읽을 수 있습니다.` */
    goals: z.array(sentence).min(3).max(5),
    /** Slugs of lessons to have read before. */
    prerequisites: z.array(z.string()).default([]),
  }),
})

export const collections = { lessons }
