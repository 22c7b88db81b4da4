export const dynamic = 'force-dynamic'

/** What it does is loaded when it is asked: a build looks into routes, and is to open no store. */
export const GET = async () => {
  const { said } = await import('../../main.mjs')
  return new Response(said)
}
