it('does what it says', async () => {
  const { createLedger } = await import('keyfold')
  const { openMemoryStore } = await import('keyfold/memory')
  const { said } = await import('./main.mjs')
  expect(typeof createLedger({ store: await openMemoryStore() }).reserve).toBe('function')
  expect(said).toBe('charged once')
})
