import { compile } from '@mdx-js/mdx'
