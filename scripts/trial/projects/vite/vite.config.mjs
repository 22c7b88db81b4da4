export default {
  build: { ssr: 'main.mjs', outDir: 'out', target: 'node20' },
  ssr: { noExternal: true }
}
