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

/** fish's own takes the value of an option, such as an address, for the name of a command. */
const lacksCommand = (options: ReadonlyArray<OptionWords>): ReadonlyArray<string> => [
  'function __keyfold_lacks_command',
  '    set -l words (commandline -opc)',
  '    set -e words[1]',
  '    set -l is_value no',
  '    for word in $words',
  '        if test $is_value = yes',
  '            set is_value no',
  '            continue',
  '        end',
  '        switch $word',
  `            case ${options.flatMap(({ names, value }) => (value === undefined ? [] : names)).join(' ')}`,
  '                set is_value yes',
  "            case '-*'",
  "            case '*'",
  '                return 1',
  '        end',
  '    end',
  '    return 0',
  'end'
]

/** A script for fish. */
export const fishScript = ({ options, commands }: Words): string =>
  [
    '# completion of keyfold for fish: keyfold completion fish | source',
    ...lacksCommand(options),
    'complete -c keyfold -f',
    ...lines('__keyfold_lacks_command', options),
    ...commands.flatMap(({ name, about, options: own, argument }) => {
      const within = `__fish_seen_subcommand_from ${name}`
      return [
        `complete -c keyfold -n '__keyfold_lacks_command' -a ${name} -d ${quoted(about)}`,
        ...lines(within, own),
        ...(argument === undefined || argument === 'any'
          ? []
          : [`complete -c keyfold -n ${quoted(within)}${takes(argument).replace(' -r', '').replace(' -x', '')}`])
      ]
    }),
    ''
  ].join('\n')
