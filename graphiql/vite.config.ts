import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Everything the output depends on, by path, in the order in which the server's test reads it again. */
function sources(): string[] {
  const inside = readdirSync(here('src'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = inside.map((entry) => relative(here('.'), join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  return ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts', ...paths].sort();
}

/** Leaves the digest of the sources beside the output, so that a stale build is noticed without Node. */
function sourcesDigest(): Plugin {
  return {
    name: 'sources-digest',
    apply: 'build',
    generateBundle() {
      const digest = createHash('sha256');
      for (const path of sources()) {
        digest.update(`${path}\0`).update(readFileSync(here(path))).update('\0');
      }
      this.emitFile({ type: 'asset', fileName: 'sources.sha256', source: `${digest.digest('hex')}\n` });
    },
  };
}

/** Notices that Vite's own list leaves out: of fonts, of what Monaco holds, of what only a worker imports. */
const NOTICES = [
  '@fontsource-variable/fira-code/LICENSE',
  '@fontsource-variable/roboto/LICENSE',
  'monaco-editor/ThirdPartyNotices.txt',
  'picomatch-browser/LICENSE',
];

function notices(): Plugin {
  return {
    name: 'notices',
    apply: 'build',
    generateBundle() {
      const texts = NOTICES.map((path) => `# ${path}\n\n${readFileSync(here(`node_modules/${path}`), 'utf8').trim()}\n`);
      this.emitFile({ type: 'asset', fileName: 'notices.txt', source: texts.join('\n\n') });
    },
  };
}

export default defineConfig({
  plugins: [sourcesDigest(), notices()],
  /** Lets graphql-js see that this is no development build. */
  define: { 'globalThis.process': 'true' },
  resolve: {
    alias: [
      { find: /^monaco-editor\/esm\/vs\/editor\/edcore\.main\.js$/, replacement: here('src/monaco.ts') },
      { find: /^prettier\/(parser-babel|plugins\/estree)$/, replacement: here('src/json-format.ts') },
    ],
  },
  build: {
    outDir: here('../server/static/graphiql'),
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  worker: { format: 'es' },
  experimental: {
    /** The page is served at …/graphql and the files under …/graphiql/, also behind a path prefix. */
    renderBuiltUrl: (filename, { hostType }) => (hostType === 'html' ? `graphiql/${filename}` : { relative: true }),
  },
  server: {
    proxy: { '/graphql': { target: 'http://127.0.0.1:8000', ws: true } },
  },
});
