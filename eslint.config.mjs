// @ts-check
import astro from 'eslint-plugin-astro'
import svelte from 'eslint-plugin-svelte'
import { defineConfig } from 'eslint/config'
import globals from 'globals'
import ts from 'typescript-eslint'
import { layerImports } from './scripts/lint/layer-imports.mjs'
import { proseWording } from './scripts/lint/prose-wording.mjs'

const SVELTE = ['**/*.svelte', '**/*.svelte.ts']
const ASTRO = ['**/*.astro', '**/*.astro/*.ts']

// Everything a page or Node adds to the language, but the few names that are the same everywhere.
const SAME_EVERYWHERE = ['TextEncoder', 'TextDecoder']
const hostGlobals = Object.keys({ ...globals.browser, ...globals.node }).filter(
  name => !SAME_EVERYWHERE.includes(name) && !(name in globals.es2025),
)

export default defineConfig(
  {
    ignores: ['**/node_modules/', 'dist/', 'release/', '.astro/', '.cache/', 'test-results/', 'public/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    plugins: { layers: { rules: { imports: layerImports } } },
    rules: {
      'layers/imports': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-debugger': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
      'no-cond-assign': 'error',
      'no-control-regex': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-irregular-whitespace': 'error',
      'no-self-assign': 'error',
      'no-self-compare': 'error',
      'no-sparse-arrays': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unsafe-finally': 'error',
      'no-unused-labels': 'error',
      'no-useless-catch': 'error',
      'no-useless-escape': 'error',
      'object-shorthand': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    ignores: [...SVELTE, ...ASTRO],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Iterating a string by code points is what WebSocket's UTF-8 rules ask for.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/unbound-method': ['error', { ignoreStatic: true }],
    },
  },
  {
    // Types of these are checked by svelte-check and `astro check`.
    files: [...SVELTE, ...ASTRO],
    extends: [ts.configs.strict],
  },
  svelte.configs.recommended,
  {
    files: SVELTE,
    languageOptions: { parserOptions: { parser: ts.parser }, globals: globals.browser },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/button-has-type': 'error',
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
    },
  },
  astro.configs.recommended,
  {
    files: ['protocol/**', 'words/**', 'contract/**', 'recording/**', 'src/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['words/ko/**', 'sandbox-server/**', 'src/**'],
    // These hold the words that are forbidden.
    ignores: ['src/content/glossary.ts', 'src/content/wording.ts'],
    plugins: { prose: { rules: { wording: proseWording } } },
    rules: { 'prose/wording': 'error' },
  },
  {
    files: ['protocol/**', 'words/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...hostGlobals.map(name => ({
          name,
          message: 'protocol/ and words/ know neither Node nor the DOM.',
        })),
      ],
    },
  },
  {
    files: ['scripts/**', 'bench/**', 'tests/**'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.d.ts'],
    rules: { '@typescript-eslint/no-extraneous-class': 'off' },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // Tests hand over deliberately wrong values and look at what came back.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // What beforeAll assigns may be missing in afterAll when it failed.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
)
