import type { OptionWords, Value, Words } from './words.ts'

/** A text within single quotes of a specification, where colons and brackets mean something. */
const quoted = (text: string): string => text.replaceAll(/[[\]:\\]/g, (mark) => `\\${mark}`).replaceAll("'", `'\\''`)

const action = (value: Value): string => {
  if (value === 'file') return ':file:_files'
  return value === 'any' ? ':value: ' : `:value:(${value.choices.join(' ')})`
}

const specifications = (options: ReadonlyArray<OptionWords>): ReadonlyArray<string> =>
  options.flatMap(({ names, about, value }) =>
    names.map((name) => `'${name}[${quoted(about)}]${value === undefined ? '' : action(value)}'`)
  )

/** A script for zsh. */
export const zshScript = ({ options, commands }: Words): string => `#compdef keyfold
# completion of keyfold for zsh: source <(keyfold completion zsh)
_keyfold() {
  local context state line
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    '${name}:${quoted(about)}'`).join('\n')}
  )
  _arguments -C \\
${specifications(options)
  .map((one) => `    ${one} \\`)
  .join('\n')}
    '1: :->command' '*:: :->rest'
  case "$state" in
    command) _describe command commands ;;
    rest)
      case "$line[1]" in
${commands
  .map(({ name, options: own, argument }) => {
    const first = argument === undefined ? [] : [`'1${action(argument)}'`]
    return `        ${name}) _arguments ${[...specifications(own), ...first].join(' ')} ;;`
  })
  .join('\n')}
      esac ;;
  esac
}
compdef _keyfold keyfold
`
