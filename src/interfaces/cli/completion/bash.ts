import type { OptionWords, Value, Words } from './words.ts'

const flat = (options: ReadonlyArray<OptionWords>): string => options.flatMap(({ names }) => names).join(' ')

const takingValues = (options: ReadonlyArray<OptionWords>): string =>
  options.flatMap(({ names, value }) => (value === undefined ? [] : names)).join('|')

const reply = (value: Value): string => {
  if (value === 'file') return '_keyfold_files'
  return value === 'any' ? 'COMPREPLY=()' : `COMPREPLY=($(compgen -W '${value.choices.join(' ')}' -- "$word"))`
}

/** What follows an option of a command: a line for each that takes a value. */
const valueCases = (scope: string, options: ReadonlyArray<OptionWords>): ReadonlyArray<string> =>
  options.flatMap(({ names, value }) =>
    value === undefined
      ? []
      : [`    ${names.map((name) => `'${scope} ${name}'`).join('|')}) ${reply(value)}; return ;;`]
  )

/** A script for bash, 3.2 and later. Names and choices of the parser are plain words, and need no quoting. */
export const bashScript = ({
  options,
  commands
}: Words): string => `# completion of keyfold for bash: source <(keyfold completion bash)
# names of files are bash's own to complete, whatever is in them; where it has no compopt (3.2), line by line
_keyfold_files() {
  local one
  compopt -o default 2>/dev/null && return
  while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -f -- "$word")
}
_keyfold() {
  COMPREPLY=()
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" name='' index=1 IFS=$' \\t\\n'
  # --status=completed is three words to bash
  if [ "$before" = '=' ]; then before="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$word" = '=' ]; then word=''; fi
  while [ "$index" -lt "$COMP_CWORD" ]; do
    case "\${COMP_WORDS[index]}" in
      ${takingValues(options)}) index=$((index + 1)) ;;
      -*) ;;
      *) name="\${COMP_WORDS[index]}"; break ;;
    esac
    index=$((index + 1))
  done
  case "$name $before" in
${[...valueCases('', options), ...commands.flatMap((command) => valueCases(command.name, command.options))].join('\n')}
  esac
  case "$name" in
    '') COMPREPLY=($(compgen -W '${[flat(options), ...commands.map(({ name }) => name)].join(' ')}' -- "$word")) ;;
${commands
  .map(({ name, options: own, argument }) => {
    const words = `COMPREPLY=($(compgen -W '${flat(own)}' -- "$word"))`
    if (argument === undefined || argument === 'any') return `    ${name}) ${words} ;;`
    return `    ${name}) case "$word" in -*) ${words} ;; *) ${reply(argument)} ;; esac ;;`
  })
  .join('\n')}
  esac
}
complete -F _keyfold keyfold
`
