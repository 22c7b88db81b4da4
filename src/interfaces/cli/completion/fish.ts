import type { OptionWords, Value, Words } from './words.ts'

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, (mark) => `\\${mark}`)}'`

const takes = (value: Value): string => {
  if (value === 'file') return ' -r -F'
  return value === 'any' ? ' -x' : ` -x -a ${quoted(value.choices.join(' '))}`
}

const lines = (condition: string, options: ReadonlyArray<OptionWords>): ReadonlyArray<string> =>
  options.map(({ names, about, value }) => {
    const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
    return `complete -c keyfold -n ${quoted(condition)} ${flags.join(' ')} -d ${quoted(about)}${value === undefined ? '' : takes(value)}`
  })

/** A script for fish. */
export const fishScript = ({ options, commands }: Words): string =>
  [
    '# completion of keyfold for fish: keyfold completion fish | source',
    'complete -c keyfold -f',
    ...lines('__fish_use_subcommand', options),
    ...commands.flatMap(({ name, about, options: own, argument }) => {
      const within = `__fish_seen_subcommand_from ${name}`
      return [
        `complete -c keyfold -n '__fish_use_subcommand' -a ${name} -d ${quoted(about)}`,
        ...lines(within, own),
        ...(argument === undefined || argument === 'any'
          ? []
          : [`complete -c keyfold -n ${quoted(within)}${takes(argument).replace(' -r', '').replace(' -x', '')}`])
      ]
    }),
    ''
  ].join('\n')
